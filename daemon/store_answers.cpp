#include "store_answers.h"

#include <charconv>
#include <cstdint>
#include <system_error>

namespace gatehouse {

admin::refusal refusal_of(store::failure const& why)
{
    switch (why.kind) {
    case store::failure_kind::unknown_device:
        return {404, "unknown_device", why.text};
    case store::failure_kind::unknown_key:
        return {404, "unknown_key", why.text};
    case store::failure_kind::exists:
        return {409, "exists", why.text};
    case store::failure_kind::busy:
        return {409, "busy", why.text};
    case store::failure_kind::too_many_keys:
    case store::failure_kind::unfit_value:
        return {422, "refused", why.text};
    default:
        return {500, "failed", why.text};
    }
}

admin::answer broken_off(std::string const& why)
{
    return admin::answer_with(admin::refusal{500, "failed", "this could not be finished: " + why});
}

std::optional<std::chrono::seconds> parse_span(std::string_view text)
{
    std::int64_t number = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string_view const unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    constexpr std::int64_t longest = 100L * 365 * 86'400;
    if (failure != std::errc{} || number < 0 || number > longest)
        return std::nullopt;
    if (unit == "d")
        return std::chrono::days{number};
    if (unit == "h")
        return std::chrono::hours{number};
    if (unit == "m")
        return std::chrono::minutes{number};
    if (unit == "s" || (unit.empty() && number == 0))
        return std::chrono::seconds{number};
    return std::nullopt;
}

}  // namespace gatehouse
