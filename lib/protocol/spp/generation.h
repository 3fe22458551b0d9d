// The generations that this gateway speaks (docs/protocols/spp.md, "Generations").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::spp {

// In the order in which a first record is tried.
enum class generation : std::uint8_t {
    py_0_2,  // Python releases 0.2.x
    py_0_1,  // Python releases 0.1.x
    rs_d,    // Rust, September 2025, in the framing of the Python releases: no sequence numbers
};

inline constexpr std::array<generation, 3> all_generations{
    generation::py_0_2, generation::py_0_1, generation::rs_d};

// As settings, records and logs name it.
constexpr std::string_view name_of(generation which) noexcept
{
    switch (which) {
    case generation::py_0_2:
        return "0.2";
    case generation::py_0_1:
        return "0.1";
    case generation::rs_d:
        return "rs-d";
    }
    return {};
}

// Does each record carry its number inside the encryption?
constexpr bool has_sequence(generation which) noexcept
{
    return which != generation::rs_d;
}

// A set of generations.
class generation_set {
public:
    constexpr bool contains(generation which) const noexcept
    {
        return admitted_.at(static_cast<std::size_t>(which));
    }
    constexpr generation_set& add(generation which) noexcept
    {
        admitted_.at(static_cast<std::size_t>(which)) = true;
        return *this;
    }
    bool operator==(generation_set const&) const = default;

private:
    std::array<bool, all_generations.size()> admitted_{};
};

}  // namespace gatehouse::spp
