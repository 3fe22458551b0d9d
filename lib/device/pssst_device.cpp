#include "device/pssst_device.h"

#include "crypto/equal.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>
#include <utility>

namespace gatehouse::device {

namespace {

crypto::x25519_public as_point(crypto::x25519_shared const& secret) noexcept
{
    return wire::reader{secret.expose()}.array<crypto::x25519_size>();
}

}  // namespace

pssst_request::pssst_request(pssst::packet_keys&& keys, std::vector<std::uint8_t> packet)
    : keys_{std::move(keys)}
    , packet_{std::move(packet)}
{
}

// Anybody who saw the request can send something like a reply: only the right one uses it up.
opened_reply pssst_request::open(crypto::workbench& crypto, mutable_bytes reply)
{
    if (opened_)
        return opened_reply{reply_fault::already_opened};
    if (reply.size() < pssst::header_size)
        return opened_reply{reply_fault::truncated};
    wire::reader fields{reply};
    auto const flags = fields.big<std::uint16_t>();
    auto const suite = fields.big<std::uint16_t>();
    if (suite != pssst::no_suite && suite != pssst::only_suite)
        return opened_reply{reply_fault::unsupported_cipher};
    if ((flags & pssst::reply_flag) == 0)
        return opened_reply{reply_fault::not_reply};
    bool const has_client = (packet_.front() & pssst::client_flag >> 8) != 0;
    auto const header = pssst::reply_header(
        has_client ? pssst::client_kind::authenticated : pssst::client_kind::anonymous
    );
    if (reply.size() < pssst::body_offset ||
        !crypto::equal(reply.first(pssst::header_size), header) ||
        !crypto::equal(
            reply.subspan(pssst::header_size, pssst::dh_size),
            bytes{packet_}.subspan(pssst::header_size, pssst::dh_size)
        ))
        return opened_reply{reply_fault::mismatch};
    if (reply.size() < pssst::overhead)
        return opened_reply{reply_fault::decrypt_failed};
    auto const text = reply.subspan(pssst::body_offset, reply.size() - pssst::overhead);
    auto const tag = reply.last<crypto::aead_tag_size>();
    if (!crypto.aes_128_gcm.open(keys_.key, keys_.reply, header, text, tag))
        return opened_reply{reply_fault::decrypt_failed};
    opened_ = true;
    return opened_reply{text};
}

pssst_device::pssst_device(crypto::workbench& crypto, crypto::x25519_public const& gateway)
    : crypto_{&crypto}
    , gateway_{gateway}
{
}

result<pssst_device> pssst_device::with_key(
    crypto::workbench& crypto,
    crypto::x25519_public const& gateway,
    crypto::x25519_private const& own
)
{
    auto const both = crypto::x25519_multiply(own, gateway);
    if (!both)
        return both.error();
    pssst_device made{crypto, gateway};
    made.identity_ = identity{crypto::x25519_public_of(own), as_point(*both)};
    return made;
}

result<pssst_request> pssst_device::request(crypto::random_source& random, bytes message) const
{
    crypto::x25519_private ephemeral;
    random.fill(ephemeral.expose_mutable());
    auto const shared =
        crypto::x25519_multiply(ephemeral, identity_ ? identity_->with_gateway : gateway_);
    if (!shared)
        return shared.error();
    pssst::dh_value dh{};
    if (identity_) {
        auto const proof = crypto::x25519_multiply(ephemeral, identity_->own);
        if (!proof)
            return proof.error();
        dh = as_point(*proof);
    } else {
        dh = crypto::x25519_public_of(ephemeral);
    }
    auto keys = pssst::derive(crypto_->sha256, dh, *shared);
    auto const header = pssst::request_header(
        identity_ ? pssst::client_kind::authenticated : pssst::client_kind::anonymous
    );
    auto const size = message.size() + (identity_ ? authenticated_overhead : anonymous_overhead);
    std::vector<std::uint8_t> packet(size);
    wire::writer out{packet};
    out.put(header).put(dh);
    if (identity_)
        out.put(identity_->own).put(ephemeral.expose());
    out.put(message);
    mutable_bytes const whole{packet};
    crypto_->aes_128_gcm.seal(
        keys.key,
        keys.request,
        header,
        whole.subspan(pssst::body_offset, size - pssst::overhead),
        whole.last<crypto::aead_tag_size>()
    );
    return pssst_request{std::move(keys), std::move(packet)};
}

}  // namespace gatehouse::device
