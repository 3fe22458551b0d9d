#include "protocol/array_crypto/snapshot.h"

#include "base/base64.h"

namespace gatehouse::array_crypto {

namespace {

std::uint64_t seconds_since_1970(wall_time when) noexcept
{
    return static_cast<std::uint64_t>(when.time_since_epoch().count());
}

}  // namespace

signature sign(crypto::hmac_sha256& hmac, bytes secret, snapshot const& what)
{
    short_text<64> text;
    text.add(what.of.tick).add("|").add(what.of.seed).add("|").add(seconds_since_1970(what.when));
    auto const tag = hmac.compute(secret, {as_bytes(text.view())});
    std::array<std::uint8_t, signature_size> encoded{};
    static_assert(base64_size(crypto::hmac_size) == signature_size);
    to_base64(tag, encoded);
    signature made{};
    std::copy(encoded.begin(), encoded.end(), made.begin());
    return made;
}

snapshot_text write(snapshot const& what, signature const& signed_as)
{
    snapshot_text made;
    return made.add(R"({"tick":)")
        .add(what.of.tick)
        .add(R"(,"seed":)")
        .add(what.of.seed)
        .add(R"(,"timestamp":)")
        .add(seconds_since_1970(what.when))
        .add(R"(,"signature":")")
        .add({signed_as.data(), signed_as.size()})
        .add(R"("})");
}

}  // namespace gatehouse::array_crypto
