#include "config/credential_kind.h"

namespace gatehouse::config {

identity::key_kind kind_of(protocol which) noexcept
{
    switch (which) {
    case protocol::usmp:
        return identity::key_kind::psk;
    case protocol::spp:
        return identity::key_kind::ed25519;
    case protocol::pssst:
        return identity::key_kind::x25519;
    }
    return identity::key_kind::psk;
}

std::string_view words_for(identity::key_kind kind) noexcept
{
    switch (kind) {
    case identity::key_kind::psk:
        return "pre-shared keys";
    case identity::key_kind::ed25519:
        return "Ed25519 keys";
    case identity::key_kind::x25519:
        return "X25519 keys";
    }
    return {};
}

std::optional<identity::key_kind> kind_of_set(settings const& all, std::string_view set) noexcept
{
    for (auto const& listener : all.listeners)
        if (listener.credentials == set)
            return kind_of(listener.protocol);
    return std::nullopt;
}

}  // namespace gatehouse::config
