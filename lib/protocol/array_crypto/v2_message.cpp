#include "protocol/array_crypto/v2_message.h"

#include "base/assert.h"
#include "base/secret.h"
#include "crypto/equal.h"
#include "protocol/array_crypto/odd_byte.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>
#include <string_view>

namespace gatehouse::array_crypto::v2 {

namespace {

constexpr std::size_t cells = 256;          // of the array, which larger sizes overwrite
constexpr std::size_t largest_array = 576;  // of any client that was seen
using entropy = secret<32>;

entropy entropy_of(pair const& of, bytes salt)
{
    std::array<std::uint8_t, 2 * sizeof(std::uint64_t)> numbers{};
    wire::writer{numbers}.little(of.seed).little(of.tick);
    entropy made;
    crypto::blake2b(made.expose_mutable(), {}, {numbers, salt});
    return made;
}

std::array<std::uint8_t, sizeof(std::uint64_t)> little(std::uint64_t number) noexcept
{
    std::array<std::uint8_t, sizeof(std::uint64_t)> made{};
    wire::writer{made}.little(number);
    return made;
}

// The largest index below `size` that lands in this cell.
std::size_t last_in_cell(std::size_t index, std::size_t size) noexcept
{
    auto const cell = index % cells;
    return cell + (size - 1 - cell) / cells * cells;
}

// One byte of the key each; they go into a running HMAC.
void fill_key(tools& with, bytes stream, bytes salt, mutable_bytes key)
{
    for (std::size_t i = 0; i < key.size(); ++i) {
        std::array<std::uint8_t, 6> step{};
        wire::writer{step}
            .little(stream[last_in_cell(i, key.size())])
            .little(salt[i % salt.size()])
            .little(static_cast<std::uint32_t>(i));
        with.hmac.append(step);
        auto const tag = with.hmac.tag();
        auto const drawn = wire::reader{tag}.little<std::uint32_t>();
        key[i] = static_cast<std::uint8_t>(2 * (drawn % 127) + 1);
    }
}

}  // namespace

void derive_key(tools& with, pair const& of, bytes salt, mutable_bytes key)
{
    GATEHOUSE_ASSERT(key.size() <= largest_array);
    auto const seeded = entropy_of(of, salt);
    std::array<std::uint8_t, crypto::chacha20::start_size> start{};
    crypto::blake2b(start, {}, {salt});
    secret<largest_array> stream;
    auto const used = mutable_bytes{stream.expose_mutable()}.first(key.size());
    with.chacha20.keystream(seeded.expose(), start, used);
    entropy hmac_key;
    crypto::blake2b(hmac_key.expose_mutable(), {}, {seeded.expose()});
    with.hmac.begin(hmac_key.expose());
    fill_key(with, used, salt, key);
    with.hmac.wipe();
}

void hash_rounds(bytes one, bytes other, mutable_bytes out)
{
    constexpr std::array<std::string_view, 3> words{"round1", "round2", "round3"};
    std::array<std::uint8_t, crypto::blake2b_longest> memory{};
    auto const round = mutable_bytes{memory}.first(out.size());
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    bytes before;
    for (auto const word : words) {
        crypto::blake2b(round, as_bytes(word), {before, one, other});
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] ^= round[i];
        before = round;
    }
}

message_hash hash_of(std::uint64_t tick, bytes salt_and_ciphertext)
{
    message_hash made{};
    hash_rounds(salt_and_ciphertext, little(tick), made);
    return made;
}

void seal(tools& with, pair const& under, message_salt const& fresh, bytes text, mutable_bytes out)
{
    GATEHOUSE_ASSERT(out.size() == header_size + text.size());
    auto const ciphertext = out.subspan(header_size);
    std::copy(fresh.begin(), fresh.end(), out.begin() + hash_size);
    std::copy(text.begin(), text.end(), ciphertext.begin());
    secret<usual_array_size> key;
    derive_key(with, under, fresh, key.expose_mutable());
    multiply(ciphertext, key.expose());
    auto const hash = hash_of(under.tick, out.subspan(hash_size));
    std::copy(hash.begin(), hash.end(), out.begin());
}

bool is_of(std::uint64_t tick, bytes message)
{
    return crypto::equal(hash_of(tick, message.subspan(hash_size)), message.first(hash_size));
}

opened open(tools& with, pair const& under, mutable_bytes message)
{
    auto const salt = message.subspan(hash_size, salt_size);
    auto const text = message.subspan(header_size);
    secret<usual_array_size> key;
    derive_key(with, under, salt, key.expose_mutable());
    invert(key.expose_mutable());
    multiply(text, key.expose());
    return {salt, text};
}

}  // namespace gatehouse::array_crypto::v2
