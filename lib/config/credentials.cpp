#include "config/credentials.h"

#include "base/assert.h"
#include "config/fields.h"
#include "config/file_text.h"
#include "config/foreign_keys.h"
#include "config/yaml_tree.h"

#include <utility>

namespace gatehouse::config {

namespace {

// More than a million devices; a bound on what a wrong path can make the daemon read.
constexpr std::size_t largest_file = std::size_t{256} << 20;

// Of a set that no listener uses.
credential_kind const& kind_by_content(yaml_map& top, protocol_list const& protocols)
{
    credential_kind const* first = nullptr;
    for (auto const* one : protocols.known) {
        auto const* const kind = one->facts().keys;
        if (kind != nullptr && kind->looks_like(top))
            return *kind;
        if (first == nullptr)
            first = kind;
    }
    GATEHOUSE_ASSERT(first != nullptr);
    return *first;
}

// What stands in files of credentials while they are read.
struct file_tools {
    complaints& report;
    complaints& warnings;
    secret_files& files;
    identity::key_names& names;
};

void read_kind(
    yaml_map& top, keyring_seed const& seed, file_tools const& with, identity::keyring::parts& into
)
{
    auto const& kind = seed.kind != nullptr ? *seed.kind : kind_by_content(top, seed.protocols);
    foreign_keys const foreign{kind, seed.protocols};
    kind.read(top, {with.report, with.warnings, with.files, with.names, foreign}, into);
    foreign.refuse_at_top(top);
    top.refuse("store", "is not available in this version");
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
    identity::keyring::parts made;
    yaml_tree tree;
    if (tree.parse(text, report)) {
        if (tree.root().kind() == yaml_kind::nothing) {
            report.at({}, "the file is empty" + std::string{no_empty_fleet});
        } else {
            yaml_map top{tree.root(), "a credential file", report};
            auto const missing = "the key \"version\" is missing" + std::string{no_empty_fleet};
            if (!report.any() && read_version(top, missing))
                read_kind(top, seed, {report, warnings, files, names}, made);
        }
    }
    report.finish();
    warnings.finish();
    if (report.any())
        return loaded;
    made.key_ids = names.take();
    loaded.keyring =
        std::make_shared<identity::keyring const>(std::move(made), std::move(seed.decoy));
    return loaded;
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
