#include "identity/device_prefix.h"

namespace gatehouse::identity {

namespace {

std::optional<std::uint64_t> number_of(device_id const& id) noexcept
{
    if (id.raw().size() != device_id::mac_size)
        return std::nullopt;
    std::uint64_t number = 0;
    for (auto const byte : id.raw())
        number = number << 8 | byte;
    return number;
}

// Of a number of 48 bits, those behind the first `bits`.
std::uint64_t rest_of(std::uint64_t number, unsigned bits) noexcept
{
    return number & ((std::uint64_t{1} << (device_prefix::most_bits - bits)) - 1);
}

}  // namespace

std::optional<device_prefix> device_prefix::make(device_id const& address, unsigned bits) noexcept
{
    auto const number = number_of(address);
    auto const made = around(address, bits);
    return made && made->address_ == *number ? made : std::nullopt;
}

std::optional<device_prefix> device_prefix::around(device_id const& address, unsigned bits) noexcept
{
    auto const number = number_of(address);
    if (!number || bits > most_bits)
        return std::nullopt;
    return device_prefix{*number - rest_of(*number, bits), bits};
}

bool device_prefix::covers(device_id const& device) const noexcept
{
    auto const number = number_of(device);
    return number && *number - rest_of(*number, bits_) == address_;
}

bool device_prefix::covers(device_prefix const& other) const noexcept
{
    return other.bits_ >= bits_ && other.address_ - rest_of(other.address_, bits_) == address_;
}

std::string device_prefix::text() const
{
    std::array<std::uint8_t, device_id::mac_size> mac{};
    for (std::size_t i = 0; i < mac.size(); ++i)
        mac[i] = static_cast<std::uint8_t>(address_ >> 8 * (mac.size() - 1 - i));
    return device_id::from_mac(mac).text() + '/' + std::to_string(bits_);
}

}  // namespace gatehouse::identity
