#include "protocol/upss/package_scan.h"

#include "protocol/upss/limits.h"

#include <algorithm>

namespace gatehouse::upss {

std::size_t leading_blanks(bytes in) noexcept
{
    auto const other = std::find_if(in.begin(), in.end(), [](std::uint8_t each) {
        return each != ' ' && each != '\t' && each != '\r' && each != '\n';
    });
    return static_cast<std::size_t>(other - in.begin());
}

result<std::size_t> package_scan::look(bytes in, std::size_t limit) noexcept
{
    if (!in.empty() && in.front() != '{')
        return error::malformed_magic;
    auto const end = std::min(in.size(), limit);
    while (at_ < end) {
        auto const each = in[at_++];
        if (in_text_) {
            in_text_ = escaped_ || each != '"';
            escaped_ = !escaped_ && each == '\\';
        } else if (each == '"') {
            in_text_ = true;
        } else if (each == '{' || each == '[') {
            if (++depth_ > limits::nesting)
                return error::malformed_oversize;
        } else if ((each == '}' || each == ']') && --depth_ == 0) {
            return std::size_t{at_};
        }
    }
    if (in.size() >= limit)
        return error::malformed_oversize;
    return std::size_t{0};
}

}  // namespace gatehouse::upss
