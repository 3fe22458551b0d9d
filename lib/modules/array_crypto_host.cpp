#include "modules/array_crypto_host.h"

#include "net/shared_snapshot.h"

namespace gatehouse {

namespace {

array_crypto::settings settings_of(config::listener const& listener)
{
    array_crypto::settings made;
    static_cast<array_crypto::options&>(made) = listener.options.as<array_crypto::options>();
    made.idle_timeout = listener.idle_timeout;
    made.max_session_age = listener.max_session_age;
    return made;
}

// Which sets of this protocol have (modules/array_crypto_credentials.h).
array_crypto::device_list const& devices_of(identity::keyring const& keyring)
{
    return dynamic_cast<array_crypto::device_list const&>(*keyring.extras());
}

// TLS begins so; what else is no HTTP is not worth a word.
constexpr std::uint8_t tls_handshake = 0x16;

}  // namespace

array_crypto_host::array_crypto_host(
    config::listener const& listener,
    identity::keyring const& keyring,
    protocol_tools tools,
    array_crypto::pair_table& pairs
)
    : environment_{
          .config = settings_of(listener),
          .devices = &devices_of(keyring),
          .crypto = tools.crypto,
          .messages = dynamic_cast<memory&>(*tools.shared).messages,
          .random = tools.random,
          .ids = tools.ids,
          .pairs = pairs,
      }
    , streams_{environment_}
{
}

void array_crypto_host::configure(config::listener const& listener, credential_slot const& keys)
{
    environment_.config = settings_of(listener);
    environment_.devices = &devices_of(*keys.keyring);
}

std::string array_crypto_host::advice(error why, bytes first) const
{
    if (why == error::malformed_magic && !first.empty() && first.front() == tls_handshake)
        return "it looks like TLS; this listener speaks HTTP in clear, behind a proxy that ends "
               "TLS";
    return {};
}

std::string array_crypto_host::advice(error why, session_facts const& facts) const
{
    switch (why) {
    case error::unproven_device:
        return "the path of its request begins with nobody's prefix";
    case error::unproven_key:
        return facts.device.text().empty() ? "it gave no name and password, or those of nobody"
                                           : "it gave a wrong password";
    case error::unproven_frame:
        return "the message was not made under a pair that the device was told lately";
    default:
        return {};
    }
}

}  // namespace gatehouse
