// The credential file: any bytes give a keyring or problems. Follows no files. Loaded again, a file
// says the same of every device.
#include "base/bytes.h"
#include "config/credentials.h"
#include "identity/key_standing.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

namespace config = gatehouse::config;
namespace identity = gatehouse::identity;

constexpr std::array<std::uint8_t, 32> decoy{};

void require_the_same_again(std::string_view text, identity::keyring const& before)
{
    config::no_secret_files files;
    config::problems found;
    auto const again = config::parse_credentials(
        text, "keys/fuzz.yaml", {gatehouse::secret_bytes{decoy}, before.key_ids()}, files, found
    );
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = gatehouse::as_text({data, size});
    config::problems found;
    auto const made =
        config::parse_credentials(text, "keys/fuzz.yaml", gatehouse::secret_bytes{decoy}, found);
    if ((made.keyring != nullptr) != found.empty())
        std::abort();
    for (auto const& p : found) {
        if (to_string(p).empty() || p.text.empty())
            std::abort();
    }
    if (made.keyring)
        require_the_same_again(text, *made.keyring);
    return 0;
}
