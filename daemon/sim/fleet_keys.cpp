#include "fleet_keys.h"

#include "base/bytes.h"
#include "wire/writer.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gatehouse::sim {

namespace {

constexpr std::string_view salt = "gatehouse-sim fleet key v1";

}  // namespace

fleet_key const& fleet_keys::of(std::uint32_t index)
{
    made_.resize(std::max<std::size_t>(made_.size(), index + std::size_t{1}));
    auto& one = made_[index];
    if (!one) {
        std::array<std::uint8_t, 4> info{};
        wire::writer{info}.big(index);
        auto made = std::make_unique<fleet_key>();
        hkdf_.derive(secret_.expose(), as_bytes(salt), info, made->private_key.expose_mutable());
        made->public_key = crypto::ed25519_public_of(made->private_key);
        one = std::move(made);
    }
    return *one;
}

std::string fleet_name(std::uint32_t index)
{
    return "sim-" + std::to_string(index + std::uint64_t{1});
}

}  // namespace gatehouse::sim
