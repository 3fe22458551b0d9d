#include "protocol/spp/hello.h"

#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>
#include <array>

namespace gatehouse::spp {

namespace {

using length_field = std::array<std::uint8_t, length_size>;

constexpr length_field hello_length{hello::payload_size};
// rs-a: signature and key each behind their own length.
constexpr length_field signature_length{crypto::ed25519_signature_size};
// rs-b: the signature has no length before it, the key has one behind it.
constexpr length_field key_length{crypto::x25519_size};
constexpr std::size_t key_length_offset = crypto::ed25519_signature_size;

// No device's frame is this long; random bytes of a signature nearly always are.
constexpr std::uint64_t implausible_length = std::uint64_t{1} << 32;

bool begins_with(bytes received, length_field const& expected) noexcept
{
    auto const seen = received.first(std::min(received.size(), expected.size()));
    return std::equal(seen.begin(), seen.end(), expected.begin());
}

first_bytes refused(error why, std::string_view foreign = {}) noexcept
{
    return {first_bytes::form::refused, why, foreign};
}

}  // namespace

result<hello> hello::parse(bytes frame) noexcept
{
    wire::reader in{frame};
    auto const length = in.little<std::uint64_t>();
    hello message;
    message.signature = in.array<crypto::ed25519_signature_size>();
    message.ephemeral = in.array<crypto::x25519_size>();
    if (!in.at_end() || length != payload_size)
        return error::malformed_length;
    return message;
}

void write(hello const& message, wire_buffer& out)
{
    wire::writer{out.frame(hello::size)}
        .put(hello_length)
        .put(message.signature)
        .put(message.ephemeral);
}

first_bytes judge(bytes received) noexcept
{
    if (begins_with(received, hello_length))
        return {
            received.size() < hello::size ? first_bytes::form::unclear : first_bytes::form::hello,
            {},
            {}};
    if (received.size() < length_size)
        return {};
    if (begins_with(received, signature_length))
        return refused(error::incompatible_generation, "rs-a");
    if (wire::reader{received}.little<std::uint64_t>() < implausible_length)
        return refused(error::malformed_length);
    if (received.size() < key_length_offset + length_size)
        return {};
    if (begins_with(received.subspan(key_length_offset), key_length))
        return refused(error::incompatible_generation, "rs-b");
    return refused(error::malformed_magic);
}

}  // namespace gatehouse::spp
