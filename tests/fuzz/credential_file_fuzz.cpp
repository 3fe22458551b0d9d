// The credential file: any bytes give a keyring or problems. Follows no files.
#include "base/bytes.h"
#include "config/credentials.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    namespace config = gatehouse::config;
    static constexpr std::array<std::uint8_t, 32> decoy{};
    config::problems found;
    auto const made = config::parse_credentials(
        gatehouse::as_text({data, size}), "keys/fuzz.yaml", gatehouse::secret_bytes{decoy}, found
    );
    if ((made.keyring != nullptr) != found.empty())
        std::abort();
    for (auto const& p : found) {
        if (to_string(p).empty() || p.text.empty())
            std::abort();
    }
    return 0;
}
