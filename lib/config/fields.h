// Reads typed keys of a map.
//
// Each function leaves `into` at its default and returns false when the key is absent, or wrong:
// then the map's report says what would be right.
#pragma once

#include "base/time.h"
#include "config/host_names.h"
#include "config/model.h"
#include "config/yaml_map.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse::config {

struct number_range {
    std::uint64_t smallest = 0;
    std::uint64_t largest = std::numeric_limits<std::uint32_t>::max();
};

// A word and what it means; no value = known, but not available in this version.
template <class Value>
struct choice {
    std::string_view word;
    std::optional<Value> value;
};

struct word {
    std::string_view text;
    bool available = true;
};

// Where the key's value stands, or the map without it.
position position_of(yaml_map& map, std::string_view key);

// Text without control characters, quoted or plain (numbers are taken as they are written).
bool read_text(yaml_map& map, std::string_view key, std::string& into);

// The same, 1 to 64 printable characters without spaces.
bool read_label(yaml_map& map, std::string_view key, std::string& into);

// A file or socket, beside the file that is read when relative.
bool read_path(yaml_map& map, std::string_view key, std::string& into);
bool read_socket_path(yaml_map& map, std::string_view key, std::string& into);

bool read_flag(yaml_map& map, std::string_view key, bool& into);
bool read_duration(yaml_map& map, std::string_view key, milliseconds& into);
bool read_size(yaml_map& map, std::string_view key, number_range range, std::size_t& into);
// Names are looked up in `names`.
bool read_endpoint(yaml_map& map, std::string_view key, host_names const& names, endpoint& into);
bool read_time(yaml_map& map, std::string_view key, wall_time& into);

std::optional<std::uint64_t> read_number(yaml_map& map, std::string_view key, number_range range);

template <class Number>
bool read_number(yaml_map& map, std::string_view key, number_range range, Number& into)
{
    auto const value = read_number(map, key, range);
    if (value)
        into = static_cast<Number>(*value);
    return value.has_value();
}

// Which of `words` stands in `node`; complains about any other, and about one that is not
// available.
std::optional<std::size_t> choose(
    yaml_node node, std::string_view key, std::span<word const> words, complaints& report
);

template <class Value, std::size_t Size>
bool read_choice(
    yaml_map& map, std::string_view key, std::array<choice<Value>, Size> const& choices, Value& into
)
{
    auto const node = map.find(key);
    if (!node)
        return false;
    std::array<word, Size> words;
    for (std::size_t i = 0; i < Size; ++i)
        words[i] = {choices[i].word, choices[i].value.has_value()};
    auto const chosen = choose(*node, key, words, map.report());
    if (chosen)
        into = *choices[*chosen].value;
    return chosen.has_value();
}

// `version: 1`. False when another version is named: then nothing else can be judged.
// `missing` is what to say when the key is absent.
bool read_version(yaml_map& map, std::string_view missing);

}  // namespace gatehouse::config
