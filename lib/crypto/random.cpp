#include "crypto/random.h"

#include "base/assert.h"

#include <openssl/rand.h>

namespace gatehouse::crypto {

void system_random::fill(mutable_bytes out)
{
    GATEHOUSE_ASSERT(RAND_priv_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

}  // namespace gatehouse::crypto
