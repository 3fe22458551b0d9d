#include "protocol/spp/key_schedule.h"

#include <array>
#include <cstdint>

namespace gatehouse::spp {

namespace {

// NIST SP 800-56C, one step, one block: the counter is big-endian.
constexpr std::array<std::uint8_t, 4> first_block{0, 0, 0, 1};

}  // namespace

crypto::aead_key derive_key(
    crypto::workbench& crypto, generation which, crypto::x25519_shared const& shared
)
{
    crypto::aead_key key;
    switch (which) {
    case generation::py_0_2:
        crypto.sha256.compute({first_block, shared.expose()}, key.expose_mutable());
        break;
    case generation::py_0_1:
        crypto.hkdf_sha3.derive(shared.expose(), {}, {}, key.expose_mutable());
        break;
    case generation::rs_d:
        crypto.hkdf.derive(shared.expose(), {}, {}, key.expose_mutable());
        break;
    }
    return key;
}

}  // namespace gatehouse::spp
