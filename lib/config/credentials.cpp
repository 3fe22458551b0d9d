#include "config/credentials.h"

#include "config/derived_reader.h"
#include "config/device_reader.h"
#include "config/fields.h"
#include "config/file_text.h"
#include "config/keyed_reader.h"
#include "config/yaml_tree.h"

#include <utility>

namespace gatehouse::config {

namespace {

using identity::key_kind;

// More than a million devices; a bound on what a wrong path can make the daemon read.
constexpr std::size_t largest_file = std::size_t{256} << 20;

constexpr std::string_view broken =
    "; this is a broken file, not an empty fleet (that is written \"devices: {}\")";

constexpr std::string_view keyed = "belongs to the credentials of spp and pssst; these are "
                                   "pre-shared keys, as usmp has them: such "
                                   "a file has \"version\" and \"devices\" with a \"psk\" each";

// Of a set that no listener uses.
key_kind kind_by_content(yaml_map& top)
{
    if (top.find("anonymous"))
        return key_kind::x25519;
    return top.find("gateway_keys") ? key_kind::ed25519 : key_kind::psk;
}

// `devices` of either kind of file. Nothing when there is nothing to read.
std::optional<yaml_node> find_devices(yaml_map& top, std::string_view missing)
{
    auto const devices = top.find("devices");
    if (devices && devices->kind() != yaml_kind::nothing)
        return devices;
    auto& report = top.report();
    if (devices)
        report.at(devices->where(), "\"devices\" is empty" + std::string{broken});
    else if (!missing.empty())
        report.at(top.where(), std::string{missing} + std::string{broken});
    return std::nullopt;
}

// Everything of one file, which has devices of one kind.
class credential_reader {
public:
    credential_reader(
        complaints& report, complaints& warnings, secret_files& files, identity::key_names& names
    )
        : devices_{report, warnings, files, names}
        , derived_{report, files, names}
        , keyed_{report, files, names}
    {
    }

    void read(yaml_map& top, std::optional<key_kind> wanted)
    {
        auto const kind = wanted ? *wanted : kind_by_content(top);
        kind == key_kind::psk ? read_psk(top) : read_keyed(top, kind);
        top.refuse("store", "is not available in this version");
        top.finish();
    }

    void give(identity::keyring::parts& into)
    {
        if (keyed_.kind() != key_kind::psk) {
            keyed_.give(into);
            return;
        }
        devices_.give(into);
        into.masters = derived_.take();
    }

private:
    void read_psk(yaml_map& top)
    {
        auto const derived = top.find("derived");
        auto const missing = "the key \"devices\" is missing, and so is \"derived\"";
        if (auto const devices = find_devices(top, derived ? "" : missing))
            devices_.read(*devices);
        if (derived)
            derived_.read(*derived);
        for (auto const key : {"gateway_keys", "anonymous"})
            top.refuse(key, keyed);
    }

    void read_keyed(yaml_map& top, key_kind kind)
    {
        keyed_.read_gateway(top, kind);
        if (auto const devices = find_devices(top, "the key \"devices\" is missing"))
            keyed_.read_devices(*devices);
        top.refuse(
            "derived",
            "belongs to credentials of pre-shared keys (usmp); a device of spp or pssst is listed "
            "with its own public key"
        );
    }

    device_reader devices_;
    derived_reader derived_;
    keyed_reader keyed_;
};

}  // namespace

credential_file parse_credentials(
    std::string_view text,
    std::string const& file,
    keyring_seed seed,
    secret_files& files,
    problems& found
)
{
    credential_file loaded;
    complaints report{file, found, quoting::forbidden};
    complaints warnings{file, loaded.warnings, quoting::forbidden};
    identity::key_names names{std::move(seed.key_ids)};
    credential_reader contents{report, warnings, files, names};
    yaml_tree tree;
    if (tree.parse(text, report)) {
        if (tree.root().kind() == yaml_kind::nothing) {
            report.at({}, "the file is empty" + std::string{broken});
        } else {
            yaml_map top{tree.root(), "a credential file", report};
            auto const missing = "the key \"version\" is missing" + std::string{broken};
            if (!report.any() && read_version(top, missing))
                contents.read(top, seed.kind);
        }
    }
    report.sort();
    warnings.sort();
    if (report.any())
        return loaded;
    identity::keyring::parts made;
    made.key_ids = names.take();
    contents.give(made);
    loaded.keyring =
        std::make_shared<identity::keyring const>(std::move(made), std::move(seed.decoy));
    return loaded;
}

credential_file parse_credentials(
    std::string_view text, std::string const& file, secret_bytes decoy, problems& found
)
{
    no_secret_files files;
    keyring_seed seed{std::move(decoy), {}, key_kind::psk};
    return parse_credentials(text, file, std::move(seed), files, found);
}

credential_file load_credentials(std::string const& file, keyring_seed seed, problems& found)
{
    wiped_text text;
    if (auto why = read_file({file, largest_file, file_access::private_file}, text)) {
        found.push_back({file, 0, 0, "the credential file " + *why});
        return {};
    }
    secret_files_on_disk files{file};
    auto loaded = parse_credentials(text.view(), file, std::move(seed), files, found);
    loaded.files = files.take_paths();
    loaded.key_files = files.take_notes();
    return loaded;
}

}  // namespace gatehouse::config
