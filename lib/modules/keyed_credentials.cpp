#include "modules/keyed_credentials.h"

#include "config/foreign_keys.h"
#include "modules/keyed_reader.h"

#include <array>

namespace gatehouse {

namespace {

class keyed_kind final : public config::credential_kind {
public:
    explicit keyed_kind(identity::key_kind which) : which_{which} {}

    std::string_view words() const override { return is_x25519() ? "X25519 keys" : "Ed25519 keys"; }
    std::string_view form() const override { return "is listed with its \"public\" key"; }

    key_list top_keys() const override
    {
        static constexpr std::array<std::string_view, 2> all{"gateway_keys", "anonymous"};
        return all;
    }
    key_list device_keys() const override
    {
        static constexpr std::array<std::string_view, 3> all{"public", "gateway_key", "from"};
        return all;
    }
    bool looks_like(config::yaml_map& top) const override
    {
        bool const has_anonymous = top.find("anonymous").has_value();
        return is_x25519() ? has_anonymous : !has_anonymous && top.find("gateway_keys");
    }

    void read(
        config::yaml_map& top, config::credential_tools const& with, identity::keyring::parts& into
    ) const override
    {
        config::keyed_reader reader{with, which_};
        reader.read_gateway(top);
        if (auto const devices = config::find_devices(top, "the key \"devices\" is missing"))
            reader.read_devices(*devices);
        reader.give(into);
    }

private:
    bool is_x25519() const noexcept { return which_ == identity::key_kind::x25519; }

    identity::key_kind which_;
};

}  // namespace

config::credential_kind const& ed25519_credentials()
{
    static keyed_kind const kind{identity::key_kind::ed25519};
    return kind;
}

config::credential_kind const& x25519_credentials()
{
    static keyed_kind const kind{identity::key_kind::x25519};
    return kind;
}

}  // namespace gatehouse
