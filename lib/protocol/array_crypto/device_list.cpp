#include "protocol/array_crypto/device_list.h"

#include "crypto/hmac.h"
#include "wire/reader.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace gatehouse::array_crypto {

namespace {

constexpr std::uint64_t most_seeds = std::uint64_t{1} << 30;  // the reference draws 1 to this

// Of v1 only the lowest byte of the seed counts. It may not change while messages are under way,
// on any worker, so it comes from the secret, of which it tells nothing.
void derive(crypto::hmac_sha256& hmac, device& of)
{
    auto const name = of.name.text();
    auto const tag = hmac.compute(
        of.secret.expose(), {as_bytes("gatehouse array-crypto state "), as_bytes(name)}
    );
    wire::reader in{tag};
    of.state = in.array<std::tuple_size_v<state_id>>();
    of.v1_seed = 1 + in.little<std::uint64_t>() % most_seeds;
}

bool precedes(device const& one, device const& other) noexcept
{
    auto const order = one.prefix.compare(other.prefix);
    if (order != 0)
        return order < 0;
    bool const one_needs = one.password.size() != 0;
    bool const other_needs = other.password.size() != 0;
    return one_needs == other_needs ? one.name.precedes(other.name) : other_needs;
}

struct by_prefix {
    bool operator()(device const& one, std::string_view prefix) const noexcept
    {
        return one.prefix < prefix;
    }
    bool operator()(std::string_view prefix, device const& one) const noexcept
    {
        return prefix < one.prefix;
    }
};

}  // namespace

device_list::device_list(std::vector<device> devices) : devices_{std::move(devices)}
{
    crypto::hmac_sha256 hmac;
    for (auto& one : devices_)
        derive(hmac, one);
    std::sort(devices_.begin(), devices_.end(), precedes);
}

std::span<device const> device_list::with_prefix(std::string_view prefix) const noexcept
{
    auto const [first, last] =
        std::equal_range(devices_.begin(), devices_.end(), prefix, by_prefix{});
    return {first, last};
}

device const* device_list::find(
    std::span<device const> with_prefix, identity::device_id const& name
) noexcept
{
    if (with_prefix.empty())
        return nullptr;
    if (with_prefix.front().name == name)
        return &with_prefix.front();
    auto const rest = with_prefix.subspan(with_prefix.front().password.size() == 0 ? 1 : 0);
    auto const found =
        std::lower_bound(rest.begin(), rest.end(), name, [](auto const& one, auto const& wanted) {
            return one.name.precedes(wanted);
        });
    return found != rest.end() && found->name == name ? &*found : nullptr;
}

}  // namespace gatehouse::array_crypto
