#include "fleet_secrets.h"

#include "wire/writer.h"

#include <array>
#include <string_view>

namespace gatehouse::sim {

namespace {

constexpr std::string_view salt = "gatehouse-sim fleet key v1";

}  // namespace

secret<32> fleet_secrets::of(std::uint32_t index)
{
    std::array<std::uint8_t, 4> info{};
    wire::writer{info}.big(index);
    secret<32> made;
    hkdf_.derive(secret_.expose(), as_bytes(salt), info, made.expose_mutable());
    return made;
}

std::string fleet_name(std::uint32_t index)
{
    return "sim-" + std::to_string(index + std::uint64_t{1});
}

std::string quoted(std::string_view text)
{
    std::string made{'"'};
    for (auto const c : text) {
        if (c == '"' || c == '\\')
            made += '\\';
        made += c;
    }
    return made + '"';
}

}  // namespace gatehouse::sim
