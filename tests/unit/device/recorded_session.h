// What the tests of a device take from a recording: who the device is, what it draws, and a gateway
// that knows the keys of the recorded session and says what the test wants.
#pragma once

#include "device/usmp_environment.h"
#include "protocol/usmp/frame_cipher.h"
#include "protocol/usmp/key_schedule.h"
#include "protocol/usmp/transport_ack.h"
#include "support/vector_file.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace gatehouse::test {

inline usmp::profile const& profile_of(std::string_view generation)
{
    if (generation == "A")
        return usmp::r0_2;
    if (generation == "B")
        return usmp::r0_3;
    if (generation == "C")
        return usmp::r0_4_7;
    if (generation == "D1")
        return usmp::r0_5;
    return generation == "D2" ? usmp::r1_0 : usmp::r1_2;
}

// `vectors` outlives what is made from the settings.
inline device::usmp_settings settings_of(vector_file const& vectors)
{
    device::usmp_settings made;
    made.release = device::usmp_release_of(profile_of(vectors.generation));
    made.label = made.release.how->label;
    std::copy(vectors.device_id.begin(), vectors.device_id.end(), made.id.begin());
    made.psk = vectors.psk;
    return made;
}

// What the recorded device drew, in order: its ephemeral key, then the nonces of 0.3, the salts
// of 1.2.
template <class Frames>
byte_string drawn_by_device(vector_file const& vectors, Frames const& frames)
{
    auto drawn = vectors.client_private;
    for (auto const& each : frames) {
        if (!each.from_device || each.nonce.empty())
            continue;
        if (profile_of(vectors.generation).nonce == usmp::nonce_rule::carried)
            append(drawn, each.nonce);
        if (each.type == static_cast<std::uint8_t>(usmp::frame_type::rekey))
            append(drawn, each.plaintext);
    }
    return drawn;
}

class recorded_gateway {
public:
    explicit recorded_gateway(vector_file const& vectors)
        : how_{profile_of(vectors.generation)}
        , id_{vectors.session_id}
        , downlink_{key_of(vectors.downlink_key), 0}
        , uplink_{key_of(vectors.uplink_key)}
    {
        for (auto const& each : vectors.datagrams)
            if (!each.from_device && !each.is_ack)
                frames_.push_back(each);
    }

    // As recorded.
    byte_string handshake(usmp::frame_type type) const
    {
        auto const found = std::find_if(frames_.begin(), frames_.end(), [&](auto const& each) {
            return each.type == static_cast<std::uint8_t>(type);
        });
        return found == frames_.end() ? byte_string{} : found->frame;
    }

    byte_string frame(usmp::frame_type type, bytes plaintext = {})
    {
        wire_buffer out;
        usmp::seal_frame(context(), type, downlink_, plaintext, out);
        return copy_of(out.all());
    }

    // A frame with a number of the test's choice.
    byte_string frame_at(std::uint32_t sequence, usmp::frame_type type, bytes plaintext = {})
    {
        usmp::direction other{downlink_.key.copy(), sequence};
        wire_buffer out;
        usmp::seal_frame(context(), type, other, plaintext, out);
        return copy_of(out.all());
    }

    // The right UTACK for a frame of the device.
    byte_string ack_of(bytes frame)
    {
        auto const header = *usmp::parse_header(frame);
        usmp::acked_frame const what{header.type, header.sequence};
        wire_buffer out;
        if (usmp::is_session_type(what.type) && usmp::acks_are_proven(how_))
            usmp::write_ack(what, usmp::prove_ack(crypto_.hmac, what, uplink_), out);
        else
            usmp::write_ack(what, out);
        return copy_of(out.all());
    }

    // Follows a REKEY of the device. Its UTACK is made before.
    void follow(bytes rekey)
    {
        auto frame = copy_of(rekey);
        auto const header = *usmp::parse_header(frame);
        auto const salt = usmp::open_frame(context(), header, uplink_, frame);
        change_keys(*salt, uplink_, downlink_.key, [&](usmp::rekeyed&& keys) {
            uplink_ = std::move(keys.initiator);
            downlink_ = {std::move(keys.responder), 0};
        });
    }

    // Begins one; what follows is under the new keys.
    byte_string rekey()
    {
        auto const salt = pattern_bytes(32);
        auto const made = frame(usmp::frame_type::rekey, salt);
        change_keys(salt, downlink_.key, uplink_, [&](usmp::rekeyed&& keys) {
            downlink_ = {std::move(keys.initiator), 0};
            uplink_ = std::move(keys.responder);
        });
        return made;
    }

private:
    static crypto::aead_key key_of(byte_string const& raw)
    {
        return crypto::aead_key::from(bytes{raw}.first<crypto::aead_key_size>());
    }

    usmp::frame_context context() { return {how_, id_, crypto_.aes_gcm}; }

    template <class Take>
    void change_keys(
        bytes salt, crypto::aead_key const& transmit, crypto::aead_key const& receive, Take take
    )
    {
        usmp::rekey_salt drawn{};
        std::copy(salt.begin(), salt.end(), drawn.begin());
        take(usmp::derive_rekey(crypto_.hkdf, transmit, receive, drawn, id_));
    }

    usmp::profile const& how_;
    usmp::wire_session_id id_;
    usmp::direction downlink_;
    crypto::aead_key uplink_;
    crypto::workbench crypto_;
    std::vector<recorded_datagram> frames_;
};

}  // namespace gatehouse::test
