#include "net/pssst_host.h"

#include "base/assert.h"
#include "net/limits.h"
#include "net/shared_house.h"

#include <algorithm>

namespace gatehouse {

namespace {

// Requests are spread over the workers evenly, and so is what is remembered of them.
std::size_t share_of(std::size_t limit, std::size_t workers)
{
    return (limit + workers - 1) / workers;
}

request_memory::bounds bounds_of(config::pssst_options const& options, std::size_t workers)
{
    auto const& most = options.duplicates;
    return {
        .entries = share_of(most.entries, workers),
        .bytes = share_of(most.bytes, workers),
        .window = most.window,
    };
}

pssst::settings settings_of(config::pssst_options const& options)
{
    return {.max_reply = std::min<std::size_t>(options.max_reply, net_limits::largest_datagram)};
}

}  // namespace

byte_rule pssst_host::steering() noexcept
{
    return {pssst::worker_byte_offset};
}

pssst_host::pssst_host(
    config::listener const& listener,
    credential_place const& keys,
    protocol_tools tools,
    std::size_t workers
)
    : workers_{workers}
    , reply_timeout_{listener.pssst.reply_timeout}
    , memory_{tools.requests, bounds_of(listener.pssst, workers)}
    , environment_{
          .config = settings_of(listener.pssst),
          .crypto = tools.crypto,
          .random = tools.random,
          .ids = tools.ids,
          .known = memory_.known(),
      }
    , door_{environment_}
{
    use(keys);
}

stream_door& pssst_host::streams() noexcept
{
    GATEHOUSE_ASSERT(!"PSSST has no streams");
    __builtin_unreachable();
}

void pssst_host::configure(config::listener const& listener, credential_place const& keys)
{
    reply_timeout_ = listener.pssst.reply_timeout;
    memory_.set_bounds(bounds_of(listener.pssst, workers_));
    environment_.config = settings_of(listener.pssst);
    use(keys);
}

// Whose filters live as long as they are used here.
void pssst_host::use(credential_place const& keys)
{
    environment_.use(*keys.keyring, keys.filters);
    filters_ = keys.filters;
}

std::string pssst_host::advice(error why, bytes) const
{
    if (why == error::unproven_anonymous)
        return "the credential file would have to say \"anonymous: true\"";
    return {};
}

std::string pssst_host::advice(error why, session_facts const& facts) const
{
    if (why == error::unproven_key)
        return "gateway key " + environment_.keyring->key_ids()[facts.credential] +
               " is not the device's";
    if (why == error::unproven_expired_key || why == error::unproven_revoked_key)
        return "gateway key " + environment_.keyring->key_ids()[facts.credential];
    return advice(why, bytes{});
}

}  // namespace gatehouse
