#include "protocol/array_crypto/v1_message.h"

#include "base/assert.h"
#include "crypto/blake2.h"
#include "crypto/equal.h"
#include "protocol/array_crypto/odd_byte.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>

namespace gatehouse::array_crypto::v1 {

namespace {

using message_hash = std::array<std::uint8_t, hash_size>;

// Over salt and ciphertext.
message_hash hash_of(bytes hashed)
{
    message_hash made{};
    crypto::blake2s(made, {hashed});
    return made;
}

}  // namespace

// The reference reaches this through an array of 4 x 4 x 4.
message_key derive_key(std::uint64_t seed, bytes salt) noexcept
{
    message_key key{};
    for (std::size_t i = 0; i < key.size(); ++i) {
        auto const distance = i <= key.size() / 2 ? i : key.size() - i;
        key.at(i) = static_cast<std::uint8_t>((i ^ (seed + distance) ^ salt[i % salt_size]) | 1U);
    }
    return key;
}

message_salt make_salt(std::uint64_t seconds, bytes random) noexcept
{
    message_salt made{};
    wire::writer{made}.little(seconds).put(random.first(salt_size - sizeof seconds));
    return made;
}

std::uint64_t seconds_of(bytes salt) noexcept
{
    return wire::reader{salt}.little<std::uint64_t>();
}

void seal(std::uint64_t seed, message_salt const& with, bytes text, mutable_bytes out)
{
    GATEHOUSE_ASSERT(out.size() == header_size + text.size());
    auto const ciphertext = out.subspan(header_size);
    std::copy(with.begin(), with.end(), out.begin() + hash_size);
    std::copy(text.begin(), text.end(), ciphertext.begin());
    multiply(ciphertext, derive_key(seed, with));
    auto const hash = hash_of(out.subspan(hash_size));
    std::copy(hash.begin(), hash.end(), out.begin());
}

result<opened> open(std::uint64_t seed, mutable_bytes message)
{
    if (message.size() < header_size)
        return error::malformed_truncated;
    if (!crypto::equal(hash_of(message.subspan(hash_size)), message.first(hash_size)))
        return error::unproven_frame;
    auto const salt = message.subspan(hash_size, salt_size);
    auto const text = message.subspan(header_size);
    auto key = derive_key(seed, salt);
    invert(key);
    multiply(text, key);
    return opened{salt, text};
}

}  // namespace gatehouse::array_crypto::v1
