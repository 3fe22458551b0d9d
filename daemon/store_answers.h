// What commands of managed stores share: failures as operators are told of them, time spans.
#pragma once

#include "admin/answer.h"
#include "store/failure.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

admin::refusal refusal_of(store::failure const& why);

// To a command whose work threw.
admin::answer broken_off(std::string const& why);

// "7d", "12h", "30m", "45s", "0".
std::optional<std::chrono::seconds> parse_span(std::string_view text);

}  // namespace gatehouse
