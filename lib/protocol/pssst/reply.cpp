#include "protocol/pssst/reply.h"

#include "base/assert.h"
#include "wire/writer.h"

#include <utility>

namespace gatehouse::pssst {

reply_sealer::reply_sealer(packet_keys&& keys, packet_head const& request) noexcept
    : key_{std::move(keys.key)}
    , nonce_{keys.reply}
    , dh_{request.dh}
    , to_{request.has_client() ? client_kind::authenticated : client_kind::anonymous}
{
}

result<> reply_sealer::seal(crypto::aead& aes_128, bytes message, mutable_bytes packet)
{
    if (std::exchange(used_, true))
        return error::internal_closed;
    GATEHOUSE_ASSERT(packet.size() == size_of(message));
    auto const header = reply_header(to_);
    wire::writer{packet}.put(header).put(dh_).put(message);
    aes_128.seal(
        key_,
        nonce_,
        header,
        packet.subspan(body_offset, message.size()),
        packet.last<crypto::aead_tag_size>()
    );
    key_.wipe();
    return {};
}

}  // namespace gatehouse::pssst
