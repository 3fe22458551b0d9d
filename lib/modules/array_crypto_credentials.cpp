#include "modules/array_crypto_credentials.h"

#include "modules/array_crypto_reader.h"

#include <array>

namespace gatehouse {

namespace {

class array_crypto_kind final : public config::credential_kind {
public:
    std::string_view words() const override { return "secrets of single devices"; }
    std::string_view form() const override { return "has a \"profile\" and a \"secret\""; }

    key_list top_keys() const override { return {}; }
    key_list device_keys() const override
    {
        static constexpr std::array<std::string_view, 4> all{
            "profile", "secret", "password", "prefix"};
        return all;
    }
    bool looks_like(config::yaml_map&) const override { return false; }

    void read(
        config::yaml_map& top, config::credential_tools const& with, identity::keyring::parts& into
    ) const override
    {
        config::array_crypto_reader reader{with};
        if (auto const devices = config::find_devices(top, "the key \"devices\" is missing"))
            reader.read(*devices);
        reader.give(into);
    }
};

}  // namespace

config::credential_kind const& array_crypto_credentials()
{
    static array_crypto_kind const kind;
    return kind;
}

}  // namespace gatehouse
