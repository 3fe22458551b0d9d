#include "device/usmp_drawn_nonce.h"

#include "base/assert.h"

#include <algorithm>

namespace gatehouse::device {

void seal_with_drawn_nonce(
    usmp::frame_context context,
    crypto::random_source& random,
    outgoing_frame message,
    wire_buffer& out
)
{
    auto const size = message.plaintext.size();
    GATEHOUSE_ASSERT(size <= context.how.max_plaintext);
    GATEHOUSE_ASSERT(message.to.next != usmp::forbidden_sequence);
    auto const length = usmp::sealed_size(context.how, size);
    auto const frame = out.frame(usmp::header_size + length);
    usmp::write_header(
        {
            .version = context.how.version,
            .type = message.type,
            .sequence = message.to.next,
            .length = static_cast<std::uint16_t>(length),
        },
        frame
    );
    crypto::aead_nonce nonce{};
    random.fill(nonce);
    auto const payload = frame.subspan(usmp::header_size);
    std::copy(nonce.begin(), nonce.end(), payload.begin());
    auto const text = payload.subspan(nonce.size(), size);
    std::copy(message.plaintext.begin(), message.plaintext.end(), text.begin());
    context.cipher.seal(
        message.to.key,
        nonce,
        frame.first(usmp::additional_data_size),
        text,
        payload.last<crypto::aead_tag_size>()
    );
    usmp::write_checksum(frame);
    ++message.to.next;
}

}  // namespace gatehouse::device
