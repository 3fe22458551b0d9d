#include "backend/json_text.h"

#include "base/base64.h"

#include <array>
#include <charconv>

namespace gatehouse::backend {

namespace {

void append(buffer& out, std::string_view text)
{
    auto const raw = as_bytes(text);
    out.insert(out.end(), raw.begin(), raw.end());
}

void append_control(buffer& out, char c)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    auto const code = static_cast<unsigned char>(c);
    append(out, "\\u00");
    out.push_back(static_cast<std::uint8_t>(digits[code >> 4]));
    out.push_back(static_cast<std::uint8_t>(digits[code & 0x0f]));
}

void append_escaped(buffer& out, std::string_view text)
{
    for (auto const c : text) {
        switch (c) {
        case '"':
            append(out, "\\\"");
            break;
        case '\\':
            append(out, "\\\\");
            break;
        case '\n':
            append(out, "\\n");
            break;
        case '\r':
            append(out, "\\r");
            break;
        case '\t':
            append(out, "\\t");
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
                append_control(out, c);
            else
                out.push_back(static_cast<std::uint8_t>(c));
        }
    }
}

}  // namespace

json_object::json_object(buffer& out, std::string_view type) : out_{out}
{
    append(out_, "{\"type\":\"");
    append(out_, type);
    out_.push_back('"');
}

void json_object::key(std::string_view name)
{
    append(out_, ",\"");
    append(out_, name);
    append(out_, "\":");
}

json_object& json_object::text(std::string_view name, std::string_view value)
{
    key(name);
    out_.push_back('"');
    append_escaped(out_, value);
    out_.push_back('"');
    return *this;
}

json_object& json_object::number(std::string_view name, std::uint64_t value)
{
    key(name);
    std::array<char, 20> digits{};
    auto const done = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    append(out_, {digits.data(), done.ptr});
    return *this;
}

json_object& json_object::base64(std::string_view name, bytes value)
{
    key(name);
    out_.push_back('"');
    auto const start = out_.size();
    out_.resize(start + base64_size(value.size()));
    to_base64(value, mutable_bytes{out_}.subspan(start));
    out_.push_back('"');
    return *this;
}

void json_object::end()
{
    append(out_, "}\n");
}

}  // namespace gatehouse::backend
