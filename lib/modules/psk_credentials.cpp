#include "modules/psk_credentials.h"

#include "config/foreign_keys.h"
#include "modules/derived_reader.h"
#include "modules/psk_device_reader.h"

#include <array>

namespace gatehouse {

namespace {

class psk_kind final : public config::credential_kind {
public:
    std::string_view words() const override { return "pre-shared keys"; }
    std::string_view form() const override { return "has a \"psk\""; }

    key_list top_keys() const override
    {
        static constexpr std::array<std::string_view, 1> all{"derived"};
        return all;
    }
    key_list device_keys() const override
    {
        static constexpr std::array<std::string_view, 3> all{"psk", "weak", "session_id_bytes"};
        return all;
    }
    bool looks_like(config::yaml_map&) const override { return false; }  // all that others are not
    bool fits_a_store() const override { return true; }

    void read(
        config::yaml_map& top, config::credential_tools const& with, identity::keyring::parts& into
    ) const override
    {
        config::psk_device_reader devices{with};
        config::derived_reader masters{with.report, with.files, with.names};
        auto const derived = top.find("derived");
        auto const missing = "the key \"devices\" is missing, and so is \"derived\"";
        if (auto const listed = config::find_devices(top, derived ? "" : missing))
            devices.read(*listed);
        if (derived)
            masters.read(*derived);
        devices.give(into);
        into.masters = masters.take();
    }
};

}  // namespace

config::credential_kind const& psk_credentials()
{
    static psk_kind const kind;
    return kind;
}

}  // namespace gatehouse
