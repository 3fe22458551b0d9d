#include "protocol/usmp/cookie.h"

#include "crypto/equal.h"
#include "wire/writer.h"

#include <algorithm>
#include <utility>

namespace gatehouse::usmp {

cookie_jar::cookie_jar(crypto::hmac_sha256& hmac, crypto::random_source& random)
    : hmac_{hmac}
    , random_{random}
{
    random_.fill(current_.expose_mutable());
}

void cookie_jar::keep_fresh(time_point now)
{
    if (made_ == time_point{}) {
        made_ = now;
        return;
    }
    auto const age = now - made_;
    if (age < lifetime)
        return;
    has_before_ = age < 2 * lifetime;
    before_ = std::move(current_);
    random_.fill(current_.expose_mutable());
    made_ = has_before_ ? made_ + lifetime : now;
}

address_cookie cookie_jar::compute(key const& under, peer_address const& of)
{
    std::array<std::uint8_t, sizeof of.ip + sizeof of.port> name{};
    wire::writer{name}.put(of.ip).big(of.port);
    auto const tag = hmac_.compute(under.expose(), {name});
    address_cookie made{};
    std::copy_n(tag.begin(), made.size(), made.begin());
    return made;
}

address_cookie cookie_jar::make(time_point now, peer_address const& of)
{
    keep_fresh(now);
    return compute(current_, of);
}

bool cookie_jar::accepts(time_point now, peer_address const& of, address_cookie const& shown)
{
    keep_fresh(now);
    if (crypto::equal(compute(current_, of), shown))
        return true;
    return has_before_ && crypto::equal(compute(before_, of), shown);
}

}  // namespace gatehouse::usmp
