#include "crypto/random.h"

#include "base/assert.h"

#include <openssl/rand.h>

#include <array>

namespace gatehouse::crypto {

void system_random::fill(mutable_bytes out)
{
    GATEHOUSE_ASSERT(RAND_priv_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

std::uint64_t draw_number(random_source& from)
{
    std::array<std::uint8_t, sizeof(std::uint64_t)> drawn{};
    from.fill(drawn);
    std::uint64_t number = 0;
    for (auto const byte : drawn)
        number = number << 8 | byte;
    return number;
}

}  // namespace gatehouse::crypto
