#include "config/credentials.h"

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

void read_top(yaml_map& top, device_reader& devices)
{
    auto& report = top.report();
    auto const section = top.find("devices");
    if (!section)
        report.at(top.where(), "the key \"devices\" is missing" + std::string{broken});
    else if (section->kind() == yaml_kind::nothing)
        report.at(section->where(), "\"devices\" is empty" + std::string{broken});
    else
        devices.read(*section);
    top.refuse("derived", "is not available in this version; list each device under \"devices\"");
    top.refuse("store", "is not available in this version");
    for (auto const key : {"gateway_keys", "anonymous"})
        top.refuse(key, keyed);
    top.finish();
}

}  // namespace

credential_file parse_credentials(
    std::string_view text,
    std::string const& file,
    secret_bytes decoy,
    secret_files& files,
    problems& found
)
{
    credential_file loaded;
    complaints report{file, found, quoting::forbidden};
    complaints warnings{file, loaded.warnings, quoting::forbidden};
    device_reader devices{report, warnings, files};
    yaml_tree tree;
    if (tree.parse(text, report)) {
        if (tree.root().kind() == yaml_kind::nothing) {
            report.at({}, "the file is empty" + std::string{broken});
        } else {
            yaml_map top{tree.root(), "a credential file", report};
            auto const missing = "the key \"version\" is missing" + std::string{broken};
            if (!report.any() && read_version(top, missing))
                read_top(top, devices);
        }
    }
    report.sort();
    warnings.sort();
    if (!report.any())
        loaded.keyring =
            std::make_shared<identity::keyring const>(devices.take(), std::move(decoy));
    return loaded;
}

credential_file parse_credentials(
    std::string_view text, std::string const& file, secret_bytes decoy, problems& found
)
{
    no_secret_files files;
    return parse_credentials(text, file, std::move(decoy), files, found);
}

credential_file load_credentials(std::string const& file, secret_bytes decoy, problems& found)
{
    wiped_text text;
    if (auto why = read_file({file, largest_file, file_access::owner_only}, text)) {
        found.push_back({file, 0, 0, "the credential file " + *why});
        return {};
    }
    secret_files_on_disk files{file};
    return parse_credentials(text.view(), file, std::move(decoy), files, found);
}

}  // namespace gatehouse::config
