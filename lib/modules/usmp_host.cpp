#include "modules/usmp_host.h"

#include "net/shared_snapshot.h"
#include "protocol/usmp/frame.h"

namespace gatehouse {

namespace {

usmp::settings settings_of(config::listener const& listener)
{
    usmp::settings made;
    static_cast<usmp::options&>(made) = listener.options.as<usmp::options>();
    made.idle_timeout = listener.idle_timeout;
    made.max_session_age = listener.max_session_age;
    if (listener.transport == config::transport::udp)
        made.admit_v1 = false;  // 0.2 and 0.3 know no UDP
    return made;
}

}  // namespace

usmp_host::usmp_host(
    config::listener const& listener,
    identity::keyring const& keyring,
    environment const& around
)
    : environment_{
          .config = settings_of(listener),
          .keyring = &keyring,
          .crypto = around.tools.crypto,
          .random = around.tools.random,
          .ephemeral_keys = around.tools.ephemeral_keys,
          .ids = around.tools.ids,
          .hints = around.hints,
          .credentials = around.tools.credentials,
          .blocks = *around.tools.blocks,
      }
    , streams_{environment_}
{
    if (listener.transport == config::transport::udp)
        datagrams_.emplace(
            environment_,
            environment_.config.cookies,
            usmp::handshake_capacity{listener.limits.handshakes, around.workers}
        );
}

void usmp_host::configure(config::listener const& listener, credential_slot const& keys)
{
    environment_.config = settings_of(listener);
    environment_.keyring = keys.keyring.get();
    if (datagrams_)
        datagrams_->set_cookie_policy(environment_.config.cookies);
}

std::string usmp_host::advice(error why, bytes first) const
{
    if (why != error::incompatible_version)
        return {};
    auto const header = usmp::parse_header(first);
    if (!header)
        return {};
    if (header->version == 1)
        return "device speaks wire version 1 (releases 0.2.x to 0.4.7); usmp.generations would "
               "have to name \"1-bound\" (0.4.7) or \"1\" (0.2.x, 0.3.x), both unsafe";
    if (header->version == 2)
        return "device speaks wire version 2 (releases 0.5 and later); usmp.generations would have "
               "to name \"2\"";
    return "device speaks wire version " + std::to_string(header->version) +
           ", which this gateway does not know";
}

std::string usmp_host::advice(error why, session_facts const& facts) const
{
    if (why == error::unproven_expired_key || why == error::unproven_revoked_key)
        return "key " + environment_.keyring->key_ids()[facts.credential];
    if (why != error::incompatible_generation)
        return {};
    auto const setting = usmp::setting_of(facts.generation);
    return "device speaks release " + std::string{facts.generation} +
           "; usmp.generations would have to name \"" + std::string{usmp::name_of(setting)} + '"';
}

}  // namespace gatehouse
