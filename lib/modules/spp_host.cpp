#include "modules/spp_host.h"

#include "net/shared_snapshot.h"
#include "protocol/spp/hello.h"

namespace gatehouse {

namespace {

spp::settings settings_of(config::listener const& listener)
{
    spp::settings made;
    static_cast<spp::options&>(made) = listener.options.as<spp::options>();
    made.idle_timeout = listener.idle_timeout;
    made.max_session_age = listener.max_session_age;
    return made;
}

std::string advice_for(std::string_view generation)
{
    if (generation == "rs-a")
        return "device speaks rs-a (Rust releases 0.1.x), which uses nonces twice and cannot be "
               "admitted";
    if (generation == "rs-b")
        return "device speaks rs-b (unreleased Rust code), which cannot be admitted";
    auto const name = std::string{generation};
    return "device speaks generation " + name + "; spp.generations would have to name \"" + name +
           '"';
}

// Of a device that has the gateway's hello and answers nothing that opens.
std::string advice_for_silence(std::string const& key, identity::device_id const& device)
{
    if (device.text().empty())
        return "it waited for the gateway to speak first and was greeted with gateway key " + key +
               "; a device that expects another one goes away";
    return "it was answered with gateway key " + key +
           "; if it expects another one, its entry must name that (gateway_key)";
}

}  // namespace

spp_host::spp_host(
    config::listener const& listener,
    identity::keyring const& keyring,
    protocol_tools tools,
    spp::source_hints& hints
)
    : trials_{{tools.proofs, listener.name}, crypto::draw_number(tools.random)}
    , environment_{
          .config = settings_of(listener),
          .keyring = &keyring,
          .crypto = tools.crypto,
          .random = tools.random,
          .ephemeral_keys = tools.ephemeral_keys,
          .ids = tools.ids,
          .hints = hints,
          .trials = trials_,
      }
    , streams_{environment_}
{
}

void spp_host::configure(config::listener const& listener, credential_slot const& keys)
{
    environment_.config = settings_of(listener);
    environment_.keyring = keys.keyring.get();
}

std::string spp_host::advice(error why, bytes first) const
{
    if (why != error::incompatible_generation)
        return {};
    return advice_for(spp::judge(first).foreign);
}

std::string spp_host::advice(error why, session_facts const& facts) const
{
    auto const key = [&] {
        auto const& ids = environment_.keyring->key_ids();
        return facts.credential < ids.size() ? ids[facts.credential] : std::string{"of none"};
    };
    switch (why) {
    case error::incompatible_generation:
        return advice_for(facts.generation);
    case error::unproven_expired_key:
    case error::unproven_revoked_key:
        return "key " + key();
    case error::unproven_hang_up:
    case error::limit_handshake_time:
        return advice_for_silence(key(), facts.device);
    case error::unproven_gateway_key:
        return "it was greeted with key " + key() +
               ", because it sent no hello within spp.greet_after";
    default:
        return {};
    }
}

}  // namespace gatehouse
