#include "protocol/pssst/request.h"

#include "crypto/equal.h"
#include "protocol/pssst/key_schedule.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gatehouse::pssst {

namespace {

// The sender knows an ephemeral key e and what e makes of its public key: nobody without the
// private half does (docs/protocols/pssst.md, "What the proof proves").
result<crypto::x25519_public> check_proof(dh_value const& dh, mutable_bytes text)
{
    if (text.size() < proof_size)
        return error::unproven_client;
    crypto::x25519_public client{};
    std::copy_n(text.begin(), client.size(), client.begin());
    auto const given = text.subspan<crypto::x25519_size, crypto::x25519_size>();
    auto const ephemeral = crypto::x25519_private::from(given);
    ::explicit_bzero(given.data(), given.size());
    auto const expected = crypto::x25519_multiply(ephemeral, client);
    if (!expected || !crypto::equal(expected->expose(), dh))
        return error::unproven_client;
    return client;
}

}  // namespace

result<opened_request> open_request(
    crypto::workbench& crypto,
    crypto::x25519_agreement& ours,
    packet_head const& head,
    mutable_bytes packet
)
{
    auto const shared = ours.with(head.dh);
    if (!shared)
        return shared.error();
    auto keys = derive(crypto.sha256, head.dh, *shared);
    auto const body = packet.subspan(body_offset);
    auto const text = body.first(body.size() - crypto::aead_tag_size);
    auto const tag = body.last<crypto::aead_tag_size>();
    if (!crypto.aes_128_gcm.open(keys.key, keys.request, head.header, text, tag))
        return error::unproven_frame;
    opened_request made{text, {}, reply_sealer{std::move(keys), head}};
    if (!head.has_client())
        return made;
    auto const client = check_proof(head.dh, text);
    if (!client)
        return client.error();
    made.client = *client;
    made.message = text.subspan(proof_size);
    return made;
}

}  // namespace gatehouse::pssst
