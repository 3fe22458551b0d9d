#include "support/reference_spp.h"

#include "support/reference_crypto.h"

#include <algorithm>
#include <stdexcept>

namespace gatehouse::test {

namespace {

byte_string derive(std::string const& generation, bytes shared)
{
    if (generation == "0.1")
        return reference::hkdf_sha3_256(shared, {}, {}, 32);
    if (generation == "rs-d")
        return reference::hkdf_sha256(shared, {}, {}, 32);
    auto block = byte_string{0, 0, 0, 1};
    append(block, shared);
    return reference::sha256(block);
}

}  // namespace

byte_string little_64(std::uint64_t value)
{
    byte_string made;
    for (int i = 0; i < 8; ++i)
        made.push_back(static_cast<std::uint8_t>(value >> 8 * i));
    return made;
}

byte_string spp_hello(bytes seed, bytes signed_bytes)
{
    auto made = little_64(64 + signed_bytes.size());
    append(made, reference::ed25519_sign(seed, signed_bytes));
    append(made, signed_bytes);
    return made;
}

reference_spp_device::reference_spp_device(setup how) : how_{std::move(how)} {}

byte_string reference_spp_device::identity() const
{
    return reference::ed25519_public(how_.seed);
}

byte_string reference_spp_device::ephemeral() const
{
    return reference::x25519_public(how_.ephemeral_private);
}

byte_string reference_spp_device::hello() const
{
    return spp_hello(how_.seed, ephemeral());
}

bool reference_spp_device::take_hello(bytes frame)
{
    if (frame.size() != 104 || !std::ranges::equal(frame.first(8), little_64(96)))
        return false;
    auto const theirs = frame.last(32);
    if (!reference::ed25519_verify(how_.gateway_identity, theirs, frame.subspan(8, 64)))
        return false;
    key_ = derive(how_.generation, reference::x25519(how_.ephemeral_private, theirs));
    return true;
}

byte_string reference_spp_device::record(bytes payload)
{
    auto inside = has_numbers() ? little_64(++sent_) : byte_string{};
    append(inside, payload);
    return seal(inside);
}

byte_string reference_spp_device::seal(bytes plaintext, bytes additional) const
{
    byte_string nonce(12, 0xd0);
    ++nonces_;
    for (int i = 0; i < 4; ++i)
        nonce[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(nonces_ >> 8 * i);
    auto const sealed =
        reference::seal(reference::cipher::chacha20_poly1305, key_, nonce, additional, plaintext);
    auto made = little_64(nonce.size() + sealed.size());
    append(made, nonce);
    append(made, sealed);
    return made;
}

std::optional<byte_string> reference_spp_device::open(bytes record)
{
    if (record.size() < 20 || !std::ranges::equal(record.first(8), little_64(record.size() - 8)))
        return std::nullopt;
    auto text = reference::open(
        reference::cipher::chacha20_poly1305, key_, record.subspan(8, 12), {}, record.subspan(20)
    );
    if (!text || !has_numbers())
        return text;
    if (text->size() < 8 || !std::ranges::equal(bytes{*text}.first(8), little_64(++received_)))
        return std::nullopt;
    text->erase(text->begin(), text->begin() + 8);
    return text;
}

}  // namespace gatehouse::test
