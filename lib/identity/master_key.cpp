#include "identity/master_key.h"

#include "crypto/hkdf.h"

namespace gatehouse::identity {

namespace {

constexpr std::string_view salt = "gatehouse psk v1";

}  // namespace

derived_key extract_master(bytes master)
{
    derived_key made;
    crypto::hkdf_sha256{}.extract(master, as_bytes(salt), made.expose_mutable());
    return made;
}

void derive_psk(
    derived_key const& extracted,
    device_id const& device,
    crypto::hkdf_sha256& hkdf,
    derived_key& into
)
{
    hkdf.expand(extracted.expose(), device.raw(), into.expose_mutable());
}

}  // namespace gatehouse::identity
