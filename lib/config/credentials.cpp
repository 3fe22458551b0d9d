#include "config/credentials.h"

#include "config/derived_reader.h"
#include "config/device_reader.h"
#include "config/fields.h"
#include "config/file_text.h"
#include "config/yaml_tree.h"

#include <utility>

namespace gatehouse::config {

namespace {

// More than a million devices; a bound on what a wrong path can make the daemon read.
constexpr std::size_t largest_file = std::size_t{256} << 20;

constexpr std::string_view broken =
    "; this is a broken file, not an empty fleet (that is written \"devices: {}\")";

constexpr std::string_view keyed =
    "belongs to the credentials of spp and pssst, which are not available in this version; "
    "a file for USMP has \"version\" and \"devices\"";

void read_top(yaml_map& top, device_reader& device_reading, derived_reader& derived_reading)
{
    auto& report = top.report();
    auto const devices = top.find("devices");
    auto const derived = top.find("derived");
    if (!devices && !derived)
        report.at(
            top.where(),
            "the key \"devices\" is missing, and so is \"derived\"" + std::string{broken}
        );
    if (devices && devices->kind() == yaml_kind::nothing)
        report.at(devices->where(), "\"devices\" is empty" + std::string{broken});
    else if (devices)
        device_reading.read(*devices);
    if (derived)
        derived_reading.read(*derived);
    top.refuse("store", "is not available in this version");
    for (auto const key : {"gateway_keys", "anonymous"})
        top.refuse(key, keyed);
    top.finish();
}

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
    device_reader devices{report, warnings, files, names};
    derived_reader derived{report, files, names};
    yaml_tree tree;
    if (tree.parse(text, report)) {
        if (tree.root().kind() == yaml_kind::nothing) {
            report.at({}, "the file is empty" + std::string{broken});
        } else {
            yaml_map top{tree.root(), "a credential file", report};
            auto const missing = "the key \"version\" is missing" + std::string{broken};
            if (!report.any() && read_version(top, missing))
                read_top(top, devices, derived);
        }
    }
    report.sort();
    warnings.sort();
    if (report.any())
        return loaded;
    identity::keyring::parts made;
    made.key_ids = names.take();
    devices.give(made);
    made.masters = derived.take();
    loaded.keyring =
        std::make_shared<identity::keyring const>(std::move(made), std::move(seed.decoy));
    return loaded;
}

credential_file parse_credentials(
    std::string_view text, std::string const& file, secret_bytes decoy, problems& found
)
{
    no_secret_files files;
    return parse_credentials(text, file, {std::move(decoy), {}}, files, found);
}

credential_file load_credentials(
    std::string const& file, secret_bytes decoy, std::vector<std::string> key_ids, problems& found
)
{
    wiped_text text;
    if (auto why = read_file({file, largest_file, file_access::owner_only}, text)) {
        found.push_back({file, 0, 0, "the credential file " + *why});
        return {};
    }
    secret_files_on_disk files{file};
    keyring_seed seed{std::move(decoy), std::move(key_ids)};
    auto loaded = parse_credentials(text.view(), file, std::move(seed), files, found);
    loaded.files = files.take_paths();
    return loaded;
}

}  // namespace gatehouse::config
