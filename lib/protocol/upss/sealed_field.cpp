#include "protocol/upss/sealed_field.h"

#include "base/assert.h"
#include "base/base64.h"
#include "crypto/equal.h"
#include "protocol/upss/lenient_base64.h"
#include "wire/writer.h"

#include <algorithm>

namespace gatehouse::upss {

namespace {

constexpr std::uint8_t version = 0x80;
constexpr std::size_t time_size = 8;
constexpr std::size_t header_size = 1 + time_size + crypto::cbc_block_size;
constexpr std::size_t smallest_token = header_size + crypto::cbc_block_size + crypto::hmac_size;

std::size_t raw_size(std::size_t text) noexcept
{
    return header_size + crypto::cbc_size(text) + crypto::hmac_size;
}

// Of the URL-safe alphabet, which is the only one of tokens and keys. In place.
std::optional<std::size_t> from_url_safe(mutable_bytes text) noexcept
{
    for (auto& letter : text) {
        if (letter == '+' || letter == '/')
            return std::nullopt;
        if (letter == '-')
            letter = '+';
        if (letter == '_')
            letter = '/';
    }
    return from_base64(as_text(text), text);
}

std::optional<std::size_t> from_inner(mutable_bytes text, base64_reading how) noexcept
{
    return how == base64_reading::strict ? from_url_safe(text)
                                         : from_base64_leniently(text, base64_alphabet::both);
}

std::optional<std::size_t> from_outer(mutable_bytes text, base64_reading how) noexcept
{
    if (how == base64_reading::strict)
        return from_base64(as_text(text), text);
    bool const is_ascii =
        std::all_of(text.begin(), text.end(), [](auto letter) { return letter < 0x80; });
    return is_ascii ? from_base64_leniently(text, base64_alphabet::standard) : std::nullopt;
}

}  // namespace

std::optional<field_key> read_field_key(mutable_bytes text, base64_reading how)
{
    constexpr std::size_t half = crypto::aes_128_key_size;
    auto const size = from_inner(text, how);
    if (size != 2 * half)
        return std::nullopt;
    return field_key{
        crypto::aes_128_key::from(text.first<half>()),
        crypto::aes_128_key::from(text.subspan<half, half>())};
}

bool is_weak(field_key const& key) noexcept
{
    auto const sign = key.sign.expose();
    auto const encrypt = key.encrypt.expose();
    unsigned differs = 0;
    for (std::size_t i = 0; i < sign.size(); ++i)
        differs |=
            static_cast<unsigned>(sign[i] ^ sign[0]) | static_cast<unsigned>(encrypt[i] ^ sign[0]);
    return differs == 0;
}

result<opened_field> open_field(
    crypto::workbench& tools, field_key const& key, mutable_bytes field, base64_reading how
)
{
    auto const outer = from_outer(field, how);
    auto const inner = outer ? from_inner(field.first(*outer), how) : std::nullopt;
    if (!inner)
        return error::malformed_record;
    auto const token = field.first(*inner);
    if (token.size() < smallest_token)
        return error::malformed_truncated;
    if (token.front() != version)
        return error::malformed_record;
    auto const said = token.last<crypto::hmac_size>();
    auto const signed_part = token.first(token.size() - crypto::hmac_size);
    auto const mac = tools.hmac.compute(key.sign.expose(), {signed_part});
    if (!crypto::equal(mac, said))
        return error::unproven_frame;
    opened_field made{.text = {}, .mac = mac};
    for (std::size_t i = 1; i <= time_size; ++i)
        made.seconds = made.seconds << 8 | token[i];
    std::copy_n(token.begin() + 1 + time_size, made.iv.size(), made.iv.begin());
    auto const text = signed_part.subspan(header_size);
    auto const size = tools.aes_128_cbc.open(key.encrypt, made.iv, text);
    if (!size)
        return error::unproven_frame;
    made.text = text.first(*size);
    return made;
}

std::size_t sealed_size(std::size_t text) noexcept
{
    return base64_size(base64_size(raw_size(text)));
}

// Each encoding begins in front of what it reads, and does not overtake it.
void seal_field(
    crypto::workbench& tools,
    field_key const& key,
    field_stamp const& stamp,
    bytes text,
    mutable_bytes out
)
{
    GATEHOUSE_ASSERT(out.size() == sealed_size(text.size()));
    auto const raw = out.last(raw_size(text.size()));
    wire::writer{raw.first(header_size)}.big(version).big(stamp.seconds).put(stamp.iv);
    auto const sealed = raw.subspan(header_size, crypto::cbc_size(text.size()));
    tools.aes_128_cbc.seal(key.encrypt, stamp.iv, text, sealed);
    auto const signed_part = raw.first(header_size + sealed.size());
    auto const mac = tools.hmac.compute(key.sign.expose(), {signed_part});
    std::copy(mac.begin(), mac.end(), raw.last(mac.size()).begin());
    auto const token = out.last(base64_size(raw.size()));
    to_base64(raw, token);
    std::replace(token.begin(), token.end(), std::uint8_t{'+'}, std::uint8_t{'-'});
    std::replace(token.begin(), token.end(), std::uint8_t{'/'}, std::uint8_t{'_'});
    to_base64(token, out);
}

}  // namespace gatehouse::upss
