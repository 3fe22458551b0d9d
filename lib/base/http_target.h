// The target of an HTTP request, whichever form it came in (RFC 9112, 3.2).
#pragma once

#include <algorithm>
#include <string_view>

namespace gatehouse {

// "/metrics?x" of "http://host:9464/metrics?x"; every other form as it is.
inline std::string_view origin_form(std::string_view target) noexcept
{
    constexpr auto begins_with = [](std::string_view text, std::string_view begin) {
        return text.size() >= begin.size() &&
               std::equal(begin.begin(), begin.end(), text.begin(), [](char wanted, char found) {
                   return wanted == found || (found >= 'A' && found <= 'Z' && wanted == found + 32);
               });
    };
    for (std::string_view const scheme : {"http://", "https://"}) {
        if (!begins_with(target, scheme))
            continue;
        target.remove_prefix(scheme.size());
        auto const path = target.find_first_of("/?");
        if (path == std::string_view::npos)
            return "/";
        return target.substr(path);
    }
    return target;
}

}  // namespace gatehouse
