#include "modules/pssst_host.h"

#include "base/assert.h"
#include "net/shared_snapshot.h"

#include <utility>

namespace gatehouse {

namespace {

// Requests are spread over the workers evenly, and so is what is remembered of them.
std::size_t share_of(std::size_t limit, std::size_t workers)
{
    return (limit + workers - 1) / workers;
}

pssst::request_memory::bounds bounds_of(pssst::options const& options, std::size_t workers)
{
    auto const& most = options.duplicates;
    return {
        .entries = share_of(most.entries, workers),
        .bytes = share_of(most.bytes, workers),
        .window = most.window,
    };
}

pssst::options const& options_of(config::listener const& listener)
{
    return listener.options.as<pssst::options>();
}

}  // namespace

pssst_host::pssst_host(
    config::listener const& listener,
    credential_slot const& keys,
    protocol_tools tools,
    std::size_t workers
)
    : workers_{workers}
    , reply_timeout_{options_of(listener).reply_timeout}
    , memory_{
          dynamic_cast<memory&>(*tools.shared).requests, bounds_of(options_of(listener), workers)}
    , environment_{
          .config = options_of(listener),
          .crypto = tools.crypto,
          .random = tools.random,
          .ids = tools.ids,
          .known = memory_.known(),
      }
    , door_{environment_}
{
    use(keys);
}

void pssst_host::configure(config::listener const& listener, credential_slot const& keys)
{
    auto const& options = options_of(listener);
    reply_timeout_ = options.reply_timeout;
    memory_.set_bounds(bounds_of(options, workers_));
    environment_.config = options;
    use(keys);
}

// Whose filters live as long as they are used here.
void pssst_host::use(credential_slot const& keys)
{
    auto filters = std::dynamic_pointer_cast<pssst_key_filters const>(keys.uses);
    GATEHOUSE_ASSERT(filters);
    environment_.use(*keys.keyring, filters->all());
    filters_ = std::move(filters);
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
