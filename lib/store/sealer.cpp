#include "store/sealer.h"

#include "base/assert.h"
#include "crypto/equal.h"

#include <algorithm>
#include <utility>

namespace gatehouse::store {

namespace {

constexpr auto nonce_size = crypto::aead_nonce_size;
constexpr auto tag_size = crypto::aead_tag_size;
constexpr std::string_view key_purpose = "gatehouse store v1 key";
constexpr std::string_view check_purpose = "gatehouse store v1 check";
constexpr std::string_view check_text = "this seal key fits";

void append(std::vector<std::uint8_t>& to, bytes more)
{
    to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

sealer::sealer(crypto::aead_key key, crypto::random_source& random)
    : key_{std::move(key)}
    , random_{random}
{
}

// Purpose, zero, length of the device id, device id, key id: no two places look alike.
void sealer::bind_to(key_slot const& slot)
{
    auto const device = slot.device.raw();
    additional_.clear();
    append(additional_, as_bytes(key_purpose));
    additional_.push_back(0);
    additional_.push_back(static_cast<std::uint8_t>(device.size()));
    append(additional_, device);
    append(additional_, as_bytes(slot.key_id));
}

std::vector<std::uint8_t> sealer::seal_bound(bytes text)
{
    crypto::aead_nonce nonce{};
    random_.fill(nonce);
    std::vector<std::uint8_t> sealed;
    sealed.reserve(nonce_size + text.size() + tag_size);
    append(sealed, nonce);
    append(sealed, text);
    sealed.resize(nonce_size + text.size() + tag_size);
    mutable_bytes const whole{sealed};
    cipher_.seal(
        key_, nonce, additional_, whole.subspan(nonce_size, text.size()), whole.last<tag_size>()
    );
    return sealed;
}

std::optional<bytes> sealer::open_bound(bytes sealed)
{
    if (sealed.size() < nonce_size + tag_size)
        return std::nullopt;
    auto const hidden = sealed.subspan(nonce_size, sealed.size() - nonce_size - tag_size);
    if (hidden.size() > longest_secret)
        return std::nullopt;
    crypto::aead_nonce nonce{};
    std::copy_n(sealed.begin(), nonce_size, nonce.begin());
    auto const text = mutable_bytes{scratch_.expose_mutable()}.first(hidden.size());
    std::copy(hidden.begin(), hidden.end(), text.begin());
    if (!cipher_.open(key_, nonce, additional_, text, sealed.last<tag_size>()))
        return std::nullopt;
    return text;
}

std::vector<std::uint8_t> sealer::seal(bytes secret, key_slot const& slot)
{
    GATEHOUSE_ASSERT(!secret.empty() && secret.size() <= longest_secret);
    bind_to(slot);
    return seal_bound(secret);
}

std::optional<secret_bytes> sealer::open(bytes sealed, key_slot const& slot)
{
    bind_to(slot);
    auto const text = open_bound(sealed);
    std::optional<secret_bytes> made;
    if (text)
        made.emplace(*text);
    scratch_.wipe();
    return made;
}

std::vector<std::uint8_t> sealer::seal_check()
{
    additional_.assign(check_purpose.begin(), check_purpose.end());
    return seal_bound(as_bytes(check_text));
}

bool sealer::opens_check(bytes sealed)
{
    additional_.assign(check_purpose.begin(), check_purpose.end());
    auto const text = open_bound(sealed);
    return text && crypto::equal(*text, as_bytes(check_text));
}

}  // namespace gatehouse::store
