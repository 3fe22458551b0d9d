// The credential file: any bytes give a keyring or problems. Follows no files. Loaded again, a file
// says the same of every device.
#include "base/bytes.h"
#include "config/credentials.h"
#include "identity/key_standing.h"
#include "modules/array_crypto_credentials.h"
#include "modules/keyed_credentials.h"
#include "modules/psk_credentials.h"
#include "modules/registry.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace {

namespace config = gatehouse::config;
namespace identity = gatehouse::identity;

constexpr std::array<std::uint8_t, 32> decoy{};

using wanted_kind = config::credential_kind const*;

config::keyring_seed seed_of(wanted_kind kind)
{
    static gatehouse::protocol_registry const protocols;
    return {.protocols = protocols.types(), .decoy = gatehouse::secret_bytes{decoy}, .kind = kind};
}

void require_the_same_again(
    std::string_view text, wanted_kind kind, identity::keyring const& before
)
{
    config::no_secret_files files;
    config::problems found;
    auto seed = seed_of(kind);
    seed.key_ids = before.key_ids();
    auto const again =
        config::parse_credentials(text, "keys/fuzz.yaml", std::move(seed), files, found);
    if (!again.keyring || again.keyring->key_ids() != before.key_ids() ||
        again.keyring->trials() != before.trials())
        std::abort();
    before.for_each_device([&](auto const& id, auto const& device) {
        for (std::size_t i = 0; i < device.key_count(); ++i) {
            auto const key = device.key(i);
            auto const found_again = identity::standing_of(before, *again.keyring, id, key.id);
            bool const stays = found_again.what == identity::key_standing::verdict::unchanged;
            if (stays != (key.mark == identity::key_mark::accepted))
                std::abort();
        }
    });
}

// Each of them is found by its key, and may use each gateway key that it is listed with.
void require_peers(identity::keyring const& ring)
{
    for (auto const& peer : ring.peers()) {
        auto const listed = ring.find_listed(peer.device);
        if (!listed || ring.find_peer(peer.public_key) != peer.device)
            std::abort();
        for (std::size_t i = 0; i < listed->key_count(); ++i)
            if (!ring.peer_key(peer.device, listed->key(i).id))
                std::abort();
    }
    if (ring.peer_sources().most() > ring.peers().size())
        std::abort();
}

void read_as(std::string_view text, wanted_kind kind)
{
    config::no_secret_files files;
    config::problems found;
    auto const made =
        config::parse_credentials(text, "keys/fuzz.yaml", seed_of(kind), files, found);
    if ((made.keyring != nullptr) != found.empty())
        std::abort();
    for (auto const& p : found) {
        if (to_string(p).empty() || p.text.empty())
            std::abort();
    }
    if (!made.keyring)
        return;
    require_the_same_again(text, kind, *made.keyring);
    require_peers(*made.keyring);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = gatehouse::as_text({data, size});
    for (wanted_kind const kind :
         {wanted_kind{},
          &gatehouse::psk_credentials(),
          &gatehouse::ed25519_credentials(),
          &gatehouse::x25519_credentials(),
          &gatehouse::array_crypto_credentials()})
        read_as(text, kind);
    return 0;
}
