#include "net/usmp_host.h"

#include "net/shared_house.h"
#include "protocol/usmp/frame.h"

namespace gatehouse {

namespace {

usmp::settings settings_of(config::listener const& listener)
{
    usmp::settings made;
    made.admit_v2 = listener.usmp.generation_2;
    made.admit_v1_bound = listener.usmp.generation_1_bound;
    made.admit_v1 = listener.usmp.generation_1;
    made.cipher = listener.usmp.chacha20_poly1305 ? crypto::aead_algorithm::chacha20_poly1305
                                                  : crypto::aead_algorithm::aes_256_gcm;
    made.frame_budget = listener.usmp.frame_budget;
    made.idle_timeout = listener.idle_timeout;
    made.max_session_age = listener.max_session_age;
    if (listener.transport == config::transport::udp)
        made.admit_v1 = false;  // 0.2 and 0.3 know no UDP
    return made;
}

usmp::cookie_policy policy_of(config::listener const& listener)
{
    switch (listener.usmp.cookies) {
    case config::cookie_policy::automatic:
        return usmp::cookie_policy::automatic;
    case config::cookie_policy::always:
        return usmp::cookie_policy::always;
    case config::cookie_policy::never:
        return usmp::cookie_policy::never;
    }
    return usmp::cookie_policy::automatic;
}

}  // namespace

std::vector<unsafe_generation> usmp_host::unsafe_generations(config::listener const& listener)
{
    std::vector<unsafe_generation> named;
    if (listener.usmp.generation_1_bound)
        named.push_back(
            {"1-bound", "release 0.4.7: one key for both directions leaks plaintext to listeners"}
        );
    if (listener.usmp.generation_1 && listener.transport == config::transport::tcp)
        named.push_back(
            {"1", "releases 0.2.x and 0.3.x: a man in the middle can read and change everything"}
        );
    return named;
}

named_frame_rule usmp_host::named_frames()
{
    return {
        .magic = usmp::frame_magic[0] << 8 | usmp::frame_magic[1],
        .type_offset = usmp::frame_type_offset,
        .first_type = static_cast<std::uint32_t>(usmp::frame_type::data),
        .worker_offset = usmp::wire_id_offset,
    };
}

usmp_host::usmp_host(
    config::listener const& listener,
    identity::keyring const& keyring,
    protocol_tools tools,
    std::size_t workers
)
    : environment_{
          .config = settings_of(listener),
          .keyring = &keyring,
          .crypto = tools.crypto,
          .random = tools.random,
          .ephemeral_keys = tools.ephemeral_keys,
          .ids = tools.ids,
          .hints = tools.hints,
          .credentials = tools.credentials,
          .blocks = *tools.blocks,
      }
    , streams_{environment_}
{
    if (listener.transport == config::transport::udp)
        datagrams_.emplace(
            environment_,
            policy_of(listener),
            usmp::handshake_room{listener.limits.handshakes, workers}
        );
}

void usmp_host::configure(config::listener const& listener, credential_place const& keys)
{
    environment_.config = settings_of(listener);
    environment_.keyring = keys.keyring.get();
    if (datagrams_)
        datagrams_->set_cookie_policy(policy_of(listener));
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
