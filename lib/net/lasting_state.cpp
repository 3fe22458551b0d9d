#include "net/lasting_state.h"

#include "crypto/random.h"

namespace gatehouse {

namespace {

std::uint64_t draw()
{
    crypto::system_random random;
    return crypto::draw_number(random);
}

}  // namespace

lasting_proofs::lasting_proofs() : all_{draw()} {}

}  // namespace gatehouse
