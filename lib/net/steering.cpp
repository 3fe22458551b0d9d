#include "net/steering.h"

#include "gateway/address_home.h"

#include <array>
#include <cerrno>
#include <span>

#include <linux/filter.h>
#include <sys/socket.h>

namespace gatehouse {

namespace {

using instruction = ::sock_filter;

constexpr std::uint32_t ip_header = static_cast<std::uint32_t>(SKF_NET_OFF);
constexpr std::uint32_t v4_source = 12;
constexpr std::uint32_t v4_port = 20;  // options would shift it: then the hand-over helps
constexpr std::uint32_t v6_source = 8;
constexpr std::uint32_t v6_port = 40;

constexpr instruction statement(int code, std::uint32_t value)
{
    return {static_cast<std::uint16_t>(code), 0, 0, value};
}

// Skips `if_true` or `if_false` instructions.
constexpr instruction jump(
    int code, std::uint32_t value, std::uint8_t if_true, std::uint8_t if_false
)
{
    return {static_cast<std::uint16_t>(BPF_JMP | BPF_K | code), if_true, if_false, value};
}

constexpr instruction load(int size, std::uint32_t offset)
{
    return statement(BPF_LD | BPF_ABS | size, offset);
}

int attach(int socket, std::span<instruction> program) noexcept
{
    ::sock_fprog const filter{static_cast<unsigned short>(program.size()), program.data()};
    if (::setsockopt(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &filter, sizeof filter) != 0)
        return errno;
    return 0;
}

// What is too short to have the byte is nobody's: any worker may say so.
int steer_by_byte(int socket, byte_rule const& rule, std::uint32_t count) noexcept
{
    std::array program{
        statement(BPF_LD | BPF_W | BPF_LEN, 0),
        jump(BPF_JGT, rule.offset, 1, 0),
        statement(BPF_RET | BPF_K, 0),
        load(BPF_B, rule.offset),
        statement(BPF_ALU | BPF_MOD | BPF_K, count),
        statement(BPF_RET | BPF_A, 0),
    };
    return attach(socket, program);
}

// Without a rule all go by their address.
int steer_by_name_or_address(
    int socket, named_frame_rule const* names, std::uint32_t count
) noexcept
{
    auto const rule = names != nullptr ? *names : named_frame_rule{};
    // Every load is behind a check of the length: one beyond the end would send the datagram to
    // worker 0.
    std::array program{
        // A frame that names a session?
        statement(BPF_LD | BPF_W | BPF_LEN, 0),
        jump(BPF_JGT, rule.worker_offset, 0, 7),
        load(BPF_H, 0),
        jump(BPF_JEQ, rule.magic, 0, 5),
        load(BPF_B, rule.type_offset),
        jump(BPF_JGE, rule.first_type, 0, 3),
        load(BPF_B, rule.worker_offset),
        jump(BPF_JGE, count, 1, 0),
        statement(BPF_RET | BPF_A, 0),
        // By the sender's address: IPv4 or IPv6?
        load(BPF_B, ip_header),
        statement(BPF_ALU | BPF_RSH | BPF_K, 4),
        jump(BPF_JEQ, 4, 0, 4),
        load(BPF_W, ip_header + v4_source),
        statement(BPF_MISC | BPF_TAX, 0),
        load(BPF_H, ip_header + v4_port),
        statement(BPF_JMP | BPF_JA, 12),
        load(BPF_W, ip_header + v6_source),
        statement(BPF_MISC | BPF_TAX, 0),
        load(BPF_W, ip_header + v6_source + 4),
        statement(BPF_ALU | BPF_XOR | BPF_X, 0),
        statement(BPF_MISC | BPF_TAX, 0),
        load(BPF_W, ip_header + v6_source + 8),
        statement(BPF_ALU | BPF_XOR | BPF_X, 0),
        statement(BPF_MISC | BPF_TAX, 0),
        load(BPF_W, ip_header + v6_source + 12),
        statement(BPF_ALU | BPF_XOR | BPF_X, 0),
        statement(BPF_MISC | BPF_TAX, 0),
        load(BPF_H, ip_header + v6_port),
        // Here A is the port and X the folded address: A = X ^ (port << 16 | port), hashed.
        statement(BPF_ST, 0),
        statement(BPF_ALU | BPF_LSH | BPF_K, 16),
        statement(BPF_ALU | BPF_XOR | BPF_X, 0),
        statement(BPF_LDX | BPF_MEM, 0),
        statement(BPF_ALU | BPF_XOR | BPF_X, 0),
        statement(BPF_ALU | BPF_MUL | BPF_K, address_hash_factor),
        statement(BPF_ALU | BPF_RSH | BPF_K, address_hash_shift),
        statement(BPF_ALU | BPF_MOD | BPF_K, count),
        statement(BPF_RET | BPF_A, 0),
    };
    static constexpr std::size_t by_name = 9;  // instructions
    return attach(socket, std::span{program}.subspan(names != nullptr ? 0 : by_name));
}

}  // namespace

int steer_datagrams(int socket, steering_rule const& rule, std::size_t workers) noexcept
{
    auto const count = static_cast<std::uint32_t>(workers);
    if (auto const* by_byte = std::get_if<byte_rule>(&rule))
        return steer_by_byte(socket, *by_byte, count);
    return steer_by_name_or_address(socket, std::get_if<named_frame_rule>(&rule), count);
}

}  // namespace gatehouse
