#include "protocol/usmp/frame_cipher.h"

#include "base/assert.h"
#include "protocol/usmp/key_schedule.h"

#include <algorithm>

namespace gatehouse::usmp {

std::size_t sealed_size(profile const& how, std::size_t plaintext) noexcept
{
    return how.nonce_size() + plaintext + crypto::aead_tag_size;
}

void seal_frame(
    frame_context context, frame_type type, direction& to, bytes plaintext, wire_buffer& out
)
{
    GATEHOUSE_ASSERT(
        plaintext.size() <= context.how.max_plaintext && to.next != forbidden_sequence
    );
    auto const length = sealed_size(context.how, plaintext.size());
    auto const frame = out.frame(header_size + length);
    write_header(
        {
            .version = context.how.version,
            .type = type,
            .sequence = to.next,
            .length = static_cast<std::uint16_t>(length),
        },
        frame
    );
    auto const nonce = frame_nonce(to.next, context.id);
    auto const payload = frame.subspan(header_size);
    std::copy_n(nonce.begin(), context.how.nonce_size(), payload.begin());
    auto const text = payload.subspan(context.how.nonce_size(), plaintext.size());
    std::copy(plaintext.begin(), plaintext.end(), text.begin());
    context.cipher.seal(
        to.key,
        nonce,
        frame.first(additional_data_size),
        text,
        payload.last<crypto::aead_tag_size>()
    );
    write_checksum(frame);
    ++to.next;
}

result<mutable_bytes> open_frame(
    frame_context context,
    frame_header const& header,
    crypto::aead_key const& key,
    mutable_bytes frame
)
{
    auto const nonce_size = context.how.nonce_size();
    auto const payload = frame.subspan(header_size);
    if (payload.size() < nonce_size + crypto::aead_tag_size)
        return error::malformed_length;

    auto nonce = frame_nonce(header.sequence, context.id);
    auto const carried = payload.first(nonce_size);
    if (context.how.nonce == nonce_rule::carried_exact &&
        !std::equal(carried.begin(), carried.end(), nonce.begin()))
        return error::malformed_nonce;
    std::copy(carried.begin(), carried.end(), nonce.begin());

    auto const text =
        payload.subspan(nonce_size, payload.size() - nonce_size - crypto::aead_tag_size);
    auto const additional = frame.first(additional_data_size);
    if (!context.cipher.open(key, nonce, additional, text, payload.last<crypto::aead_tag_size>()))
        return error::unproven_frame;
    return text;
}

}  // namespace gatehouse::usmp
