#include "protocol/spp/record.h"

#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>

namespace gatehouse::spp {

namespace {

constexpr std::size_t text_offset = length_size + crypto::aead_nonce_size;

crypto::aead_nonce nonce_of(nonce_prefix const& prefix, std::uint32_t number) noexcept
{
    crypto::aead_nonce nonce{};
    wire::writer{nonce}.put(prefix).big(number);
    return nonce;
}

}  // namespace

nonce_prefix draw_prefix(crypto::random_source& random)
{
    nonce_prefix drawn{};
    random.fill(drawn);
    return drawn;
}

bool carries(nonce_prefix const& prefix, bytes record) noexcept
{
    auto const seen = record.subspan(length_size, prefix.size());
    return std::equal(seen.begin(), seen.end(), prefix.begin());
}

result<std::size_t> record_size(bytes front, length_range range) noexcept
{
    auto const length = wire::reader{front}.little<std::uint64_t>();
    if (length < range.shortest)
        return error::malformed_length;
    if (length > range.longest)
        return error::malformed_oversize;
    return length_size + static_cast<std::size_t>(length);
}

void seal_record(sealing const& with, bytes payload, wire_buffer& out)
{
    auto const length = record_length(with.how, payload.size());
    auto const nonce = nonce_of(with.prefix, with.sequence);
    auto const record = out.frame(length_size + length);
    wire::writer to{record};
    to.little(std::uint64_t{length}).put(nonce);
    auto const text = to.claim(length - crypto::aead_nonce_size - crypto::aead_tag_size);
    wire::writer inside{text};
    if (has_sequence(with.how))
        inside.little(std::uint64_t{with.sequence});
    inside.put(payload);
    with.cipher.seal(with.key, nonce, {}, text, record.last<crypto::aead_tag_size>());
}

result<mutable_bytes> open_record(
    crypto::aead& cipher, crypto::aead_key const& key, mutable_bytes record
)
{
    wire::reader in{record.subspan(length_size)};
    auto const nonce = in.array<crypto::aead_nonce_size>();
    auto const text =
        record.subspan(text_offset, record.size() - text_offset - crypto::aead_tag_size);
    if (!cipher.open(key, nonce, {}, text, record.last<crypto::aead_tag_size>()))
        return error::unproven_frame;
    return text;
}

result<bytes> judge_sequence(generation how, bytes opened, std::uint32_t expected) noexcept
{
    if (!has_sequence(how))
        return opened;
    wire::reader in{opened};
    auto const number = in.little<std::uint64_t>();
    if (!in.ok())
        return error::malformed_length;
    if (number != expected)
        return number < expected ? error::unproven_replay : error::unproven_sequence;
    return in.take_rest();
}

}  // namespace gatehouse::spp
