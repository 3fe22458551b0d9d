#include "identity/source_range.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <arpa/inet.h>

namespace gatehouse::identity {

namespace {

constexpr unsigned bits_before_v4 = 96;

std::optional<source_address> parse_address(std::string const& text)
{
    std::array<std::uint8_t, 4> v4{};
    if (::inet_pton(AF_INET, text.c_str(), v4.data()) == 1)
        return peer_address::v4(v4, 0).ip;
    source_address v6{};
    if (::inet_pton(AF_INET6, text.c_str(), v6.data()) == 1)
        return v6;
    return std::nullopt;
}

std::optional<unsigned> parse_bits(std::string_view text, unsigned most)
{
    unsigned bits = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, failed] = std::from_chars(text.data(), end, bits);
    if (failed != std::errc{} || stopped != end || bits > most)
        return std::nullopt;
    return bits;
}

}  // namespace

source_address masked(source_address address, unsigned bits) noexcept
{
    for (unsigned i = 0; i < address.size(); ++i) {
        auto const kept = std::clamp(static_cast<int>(bits) - static_cast<int>(8 * i), 0, 8);
        address[i] &= static_cast<std::uint8_t>(0xff00 >> kept);
    }
    return address;
}

std::optional<source_range> source_range::parse(std::string_view text)
{
    auto const slash = text.find('/');
    auto const address = parse_address(std::string{text.substr(0, slash)});
    if (!address)
        return std::nullopt;
    bool const is_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
    auto const before = is_v4 ? bits_before_v4 : 0;
    auto const bits = slash == std::string_view::npos
                          ? std::optional{most_bits - before}
                          : parse_bits(text.substr(slash + 1), most_bits - before);
    if (!bits || masked(*address, *bits + before) != *address)
        return std::nullopt;
    return source_range{*address, *bits + before};
}

bool source_range::covers(source_address const& address) const noexcept
{
    return masked(address, bits_) == first_;
}

bool source_range::covers(source_range const& other) const noexcept
{
    return other.bits_ >= bits_ && covers(other.first_);
}

std::string source_range::text() const
{
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    bool const is_v4 = bits_ >= bits_before_v4 && peer_address{first_, 0}.is_v4();
    if (is_v4)
        ::inet_ntop(AF_INET, first_.data() + 12, buffer.data(), buffer.size());
    else
        ::inet_ntop(AF_INET6, first_.data(), buffer.data(), buffer.size());
    return std::string{buffer.data()} + '/' + std::to_string(bits_ - (is_v4 ? bits_before_v4 : 0));
}

}  // namespace gatehouse::identity
