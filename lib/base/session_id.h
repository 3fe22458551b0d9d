// The gateway's name for a session: eight bytes that say where it lives.
//
// Byte 0 is the worker, bytes 1 and 2 the node, bytes 3 to 7 are random. Protocols whose session id
// the gateway chooses put these bytes on the wire, so that a datagram or a load balancer finds the
// worker (USMP: first half of the 16-byte id, docs/protocols/usmp.md).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

class session_id {
public:
    using raw = std::array<std::uint8_t, 8>;

    session_id() noexcept = default;
    explicit session_id(std::uint64_t value) noexcept : value_{value} {}
    // From its bytes in wire order.
    explicit session_id(raw const& bytes) noexcept;

    static session_id make(std::uint8_t worker, std::uint16_t node, std::uint64_t random) noexcept;

    // From sixteen hexadecimal digits.
    static std::optional<session_id> parse(std::string_view text) noexcept;

    std::uint8_t worker() const noexcept { return static_cast<std::uint8_t>(value_ >> 56); }
    std::uint64_t value() const noexcept { return value_; }

    // The bytes in wire order, byte 0 first.
    raw bytes() const noexcept;

    // Sixteen hexadecimal digits, in wire order.
    std::array<char, 16> text() const noexcept;
    std::string string() const;

    bool operator==(session_id const&) const noexcept = default;

private:
    std::uint64_t value_ = 0;
};

inline std::size_t hash_value(session_id id) noexcept
{
    return static_cast<std::size_t>(id.value());
}

}  // namespace gatehouse
