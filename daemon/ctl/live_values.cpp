#include "live_values.h"

#include "document.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace gatehouse::ctl {

namespace {

// A person waits for the Tab key.
constexpr std::chrono::milliseconds patience{2000};

struct source_of_values {
    std::string_view kind;
    char const* target;
    std::string_view list;
    std::string_view member;
};

constexpr std::array<source_of_values, 3> sources{{
    {"devices", "/v1/devices?limit=1000", "devices", "device"},
    {"sessions", "/v1/sessions?limit=1000", "sessions", "session"},
    {"keys", "/v1/keys", "keys", "id"},
}};

}  // namespace

bool is_harmless(std::string_view value) noexcept
{
    static constexpr std::string_view marks = "-._:+@";
    return !value.empty() && value.front() != '-' &&
           std::all_of(value.begin(), value.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      marks.find(c) != std::string_view::npos;
           });
}

std::string live_values(call const& what, std::string_view kind)
{
    auto const* const found = std::find_if(sources.begin(), sources.end(), [&](auto const& each) {
        return each.kind == kind;
    });
    if (found == sources.end())
        return {};
    auto door = what.door;
    door.patience = std::min(door.patience, patience);
    auto const document = parse_document(ask(door, {.target = found->target}));
    std::set<std::string_view> values;
    for (auto const& each : array_in(document, found->list))
        if (auto const value = text_in(as_object(each), found->member); is_harmless(value))
            values.insert(value);
    std::string text;
    for (auto const value : values)
        text += std::string{value} + '\n';
    return text;
}

}  // namespace gatehouse::ctl
