#include "support/reference_device.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace gatehouse::test {

namespace {

constexpr std::array<char const*, 6> names{"A", "B", "C", "D1", "D2", "D3"};
constexpr std::size_t header = 12;

bool is_session_type(std::uint8_t type)
{
    return type >= wire_type::data && type != wire_type::hello_retry;
}

void put_little(byte_string& to, std::uint32_t value, int size)
{
    for (int i = 0; i < size; ++i)
        to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

}  // namespace

std::string name_of(wire_generation generation)
{
    return names.at(static_cast<std::size_t>(generation));
}

wire_generation generation_of(std::string_view name)
{
    auto const found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        throw std::invalid_argument{"no such generation"};
    return static_cast<wire_generation>(found - names.begin());
}

std::uint8_t type_of(bytes frame)
{
    return frame[3];
}

std::uint32_t sequence_of(bytes frame)
{
    std::uint32_t value = 0;
    for (int i = 3; i >= 0; --i)
        value = value << 8 | frame[4 + static_cast<std::size_t>(i)];
    return value;
}

std::size_t length_of(bytes frame)
{
    return frame[8] + 256U * frame[9];
}

byte_string transport_ack_of(bytes frame)
{
    byte_string ack{0xac, 0xac};
    append(ack, frame.subspan(3, 5));
    return ack;
}

byte_string transport_ack_of(bytes frame, bytes key)
{
    auto ack = transport_ack_of(frame);
    append(ack, bytes{reference::hmac_sha256(key, ack)}.first(8));
    return ack;
}

void mend_checksum(byte_string& frame)
{
    byte_string covered{frame.begin(), frame.begin() + 10};
    covered.insert(covered.end(), frame.begin() + header, frame.end());
    auto const crc = reference::crc16(covered);
    frame[10] = static_cast<std::uint8_t>(crc);
    frame[11] = static_cast<std::uint8_t>(crc >> 8);
}

byte_string reference_device::frame(
    std::uint8_t version, std::uint8_t type, std::uint32_t sequence, bytes payload
)
{
    byte_string made{0xcd, 0xab, version, type};
    put_little(made, sequence, 4);
    put_little(made, static_cast<std::uint32_t>(payload.size()), 2);
    put_little(made, 0, 2);
    append(made, payload);
    mend_checksum(made);
    return made;
}

reference_device::reference_device(setup with)
    : with_{std::move(with)}
    , public_key_{reference::x25519_public(with_.private_key)}
{
    if (with_.label.empty())
        with_.label = is(wire_generation::d1) ? "usmp-v2" : "usmp-v1";
}

byte_string reference_device::hello() const
{
    auto payload = with_.device_id;
    append(payload, public_key_);
    return frame(version(), wire_type::hello, 0, payload);
}

byte_string reference_device::hello(bytes cookie) const
{
    auto payload = with_.device_id;
    append(payload, public_key_);
    append(payload, cookie);
    return frame(version(), wire_type::hello, is(wire_generation::d3) ? 1 : 0, payload);
}

byte_string reference_device::ack_of(bytes received) const
{
    bool const proven = is(wire_generation::d2) && is_session_type(type_of(received));
    return proven ? transport_ack_of(received, receive_key_) : transport_ack_of(received);
}

byte_string reference_device::owed_ack(bytes sent) const
{
    bool const proven = is(wire_generation::d1) && is_session_type(type_of(sent));
    return proven ? transport_ack_of(sent, transmit_key_) : transport_ack_of(sent);
}

bool reference_device::take_challenge(bytes received)
{
    if (received.size() != header + 64 || received[2] != version() ||
        type_of(received) != wire_type::challenge)
        return false;
    challenge_nonce_ = copy_of(received.subspan(header, 32));
    gateway_key_ = copy_of(received.subspan(header + 32));
    auto again = copy_of(received);
    mend_checksum(again);
    return std::equal(again.begin(), again.end(), received.begin());
}

byte_string reference_device::proof(std::uint8_t carrier, bytes name) const
{
    byte_string message;
    if (is(wire_generation::d2))
        message = {0xcd, 0xab, version(), carrier};
    append(message, challenge_nonce_);
    append(message, name);
    if (is(wire_generation::c)) {
        append(message, public_key_);
        append(message, gateway_key_);
    }
    return reference::hmac_sha256(with_.psk, message);
}

byte_string reference_device::hello_ack() const
{
    auto const sequence = is(wire_generation::d3) ? 2U : 0U;
    return frame(
        version(), wire_type::hello_ack, sequence, proof(wire_type::hello_ack, with_.device_id)
    );
}

bool reference_device::take_session_ok(bytes received)
{
    std::size_t const id_size = is(wire_generation::b) ? 16 : 4;
    if (received.size() != header + id_size + 32 || received[2] != version() ||
        type_of(received) != wire_type::session_ok)
        return false;
    auto const id = received.subspan(header, id_size);
    auto const expected = proof(wire_type::session_ok, id);
    auto const theirs = received.subspan(header + id_size);
    if (!std::equal(expected.begin(), expected.end(), theirs.begin()))
        return false;
    session_id_ = copy_of(id);
    derive_keys();
    return true;
}

void reference_device::derive_keys()
{
    auto info = text_bytes(with_.label);
    append(info, public_key_);
    append(info, gateway_key_);
    auto const shared = reference::x25519(with_.private_key, gateway_key_);
    auto const material =
        reference::hkdf_sha256(shared, challenge_nonce_, info, is(wire_generation::d1) ? 64 : 32);
    transmit_key_ = {material.begin(), material.begin() + 32};
    receive_key_ = {material.end() - 32, material.end()};
}

byte_string reference_device::nonce_of(std::uint32_t sequence) const
{
    byte_string nonce;
    put_little(nonce, sequence, 4);
    append(nonce, bytes{session_id_}.first(std::min(session_id_.size(), std::size_t{8})));
    nonce.resize(12);
    return nonce;
}

byte_string reference_device::seal_as(std::uint8_t type, std::uint32_t sequence, bytes text)
{
    auto const nonce =
        chosen_nonce_.empty() ? nonce_of(sequence) : std::exchange(chosen_nonce_, {});
    bool const carried = is(wire_generation::b);
    byte_string additional{0xcd, 0xab, version(), type};
    put_little(additional, sequence, 4);
    put_little(additional, static_cast<std::uint32_t>(text.size() + (carried ? 28 : 16)), 2);
    auto payload = carried ? nonce : byte_string{};
    append(payload, reference::seal(with_.cipher, transmit_key_, nonce, additional, text));
    return frame(version(), type, sequence, payload);
}

byte_string reference_device::seal(std::uint8_t type, bytes text)
{
    return seal_as(type, transmit_sequence_++, text);
}

byte_string reference_device::message(bytes text)
{
    byte_string made;
    while (text.size() > max_plaintext()) {
        append(made, seal(wire_type::data_frag, text.first(max_plaintext())));
        text = text.subspan(max_plaintext());
    }
    append(made, seal(wire_type::data, text));
    return made;
}

byte_string reference_device::derive_rekey(bytes transmit, bytes receive, bytes salt) const
{
    auto input = copy_of(transmit);
    append(input, receive);
    auto info = text_bytes("usmp-rekey");
    append(info, session_id_);
    return reference::hkdf_sha256(input, salt, info, 64);
}

byte_string reference_device::rekey(bytes salt)
{
    auto made = seal(wire_type::rekey, salt);
    auto const material = derive_rekey(transmit_key_, receive_key_, salt);
    transmit_key_ = {material.begin(), material.begin() + 32};
    receive_key_ = {material.begin() + 32, material.end()};
    transmit_sequence_ = 0;
    receive_sequence_ = 0;
    return made;
}

std::optional<reference_device::opened> reference_device::open(bytes received)
{
    auto again = copy_of(received);
    mend_checksum(again);
    bool const carried = is(wire_generation::b);
    std::size_t const overhead = carried ? 28 : 16;
    if (!std::equal(again.begin(), again.end(), received.begin()) || received[2] != version() ||
        received.size() != header + length_of(received) || received.size() < header + overhead ||
        sequence_of(received) != receive_sequence_)
        return std::nullopt;
    auto payload = received.subspan(header);
    auto nonce = nonce_of(receive_sequence_);
    if (carried) {
        auto const on_wire = payload.first(12);
        if (is(wire_generation::c) && !std::equal(nonce.begin(), nonce.end(), on_wire.begin()))
            return std::nullopt;
        nonce = copy_of(on_wire);
        payload = payload.subspan(12);
    }
    auto const text =
        reference::open(with_.cipher, receive_key_, nonce, received.first(10), payload);
    if (!text)
        return std::nullopt;
    ++receive_sequence_;
    if (type_of(received) == wire_type::rekey) {
        auto const material = derive_rekey(receive_key_, transmit_key_, *text);
        receive_key_ = {material.begin(), material.begin() + 32};
        transmit_key_ = {material.begin() + 32, material.end()};
        transmit_sequence_ = 0;
        receive_sequence_ = 0;
    }
    return opened{type_of(received), *text};
}

std::size_t reference_device::max_plaintext() const
{
    return is(wire_generation::b) ? 452 : 464;
}

std::size_t reference_device::message_limit() const
{
    return is(wire_generation::c) ? 4 * max_plaintext() : max_plaintext();
}

}  // namespace gatehouse::test
