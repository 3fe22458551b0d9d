// Cookies of HELLO_RETRY: a device that repeats one has shown that it receives what is sent to its
// address (docs/protocols/usmp.md, "HELLO_RETRY").
//
// Nothing is kept a device: a cookie is a MAC over address and time under a secret that changes.
// One jar a worker and listener, on that worker's thread.
#pragma once

#include "base/address.h"
#include "base/secret.h"
#include "base/time.h"
#include "crypto/hmac.h"
#include "crypto/random.h"
#include "protocol/usmp/messages.h"

#include <array>
#include <cstdint>

namespace gatehouse::usmp {

class cookie_jar {
public:
    // A cookie is good for one to two of these.
    static constexpr std::chrono::seconds lifetime{30};

    cookie_jar(crypto::hmac_sha256& hmac, crypto::random_source& random);

    address_cookie make(time_point now, peer_address const& of);
    bool accepts(time_point now, peer_address const& of, address_cookie const& shown);

private:
    using key = secret<32>;
    void keep_fresh(time_point now);
    address_cookie compute(key const& under, peer_address const& of);

    crypto::hmac_sha256& hmac_;
    crypto::random_source& random_;
    key current_;
    key before_;
    time_point made_{};  // when the time of `current_` began
    bool has_before_ = false;
};

}  // namespace gatehouse::usmp
