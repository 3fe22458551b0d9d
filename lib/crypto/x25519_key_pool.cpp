#include "crypto/x25519_key_pool.h"

#include <utility>

namespace gatehouse::crypto {

x25519_key_pool::x25519_key_pool(random_source& random, std::size_t capacity)
    : random_{random}
    , capacity_{capacity}
{
    ready_.reserve(capacity);
}

x25519_key_pair x25519_key_pool::take()
{
    if (ready_.empty())
        return make_x25519_key_pair(random_);
    auto pair = std::move(ready_.back());
    ready_.pop_back();
    return pair;
}

void x25519_key_pool::make_one()
{
    if (!full())
        ready_.push_back(make_x25519_key_pair(random_));
}

}  // namespace gatehouse::crypto
