// Whole fleets into and out of a managed store, in the form of a credential file.
#include "admin_documents.h"
#include "administration.h"
#include "config/credentials.h"
#include "config/wiped_text.h"
#include "credential_text.h"
#include "managed_store.h"
#include "modules/psk_credentials.h"
#include "net/clock.h"
#include "store_answers.h"

#include <memory>
#include <optional>
#include <utility>

namespace gatehouse {

namespace {

struct exported {
    std::string file;
    std::size_t devices = 0;
};

store::outcome<exported> read_all(store::device_store& from)
{
    exported made{"version: 1\ndevices:\n", 0};
    auto const read = from.for_each_device([&](store::stored_device&& device) {
        auto const before = made.file.size();
        write_device(device, made.file);
        made.devices += made.file.size() > before ? 1U : 0U;
    });
    if (!read)
        return read.error();
    if (made.devices == 0)
        made.file = "version: 1\ndevices: {}\n";
    return made;
}

store::outcome<boost::json::object> take_in(
    store::device_store& into, identity::keyring const& fleet, store::import_policy policy
)
{
    auto devices = devices_of(fleet);
    auto next = devices.begin();
    auto const counts = into.import(
        [&]() -> store::outcome<std::optional<store::new_device>> {
            if (next == devices.end())
                return std::optional<store::new_device>{};
            return std::optional<store::new_device>{std::move(*next++)};
        },
        policy,
        read_wall_clock()
    );
    if (!counts)
        return counts.error();
    return boost::json::object{{"added", counts->added}, {"replaced", counts->replaced}};
}

}  // namespace

void administration::import_devices(
    admin::command const& what, config::credential_set const& set, reply answer
)
{
    auto const policy = what.find("policy").value_or("add");
    if (policy != "add" && policy != "replace") {
        answer(admin::answer_with(admin::refusal{
            400, "bad_request", "\"policy\" must be add or replace"}));
        return;
    }
    struct parsed_file {
        std::optional<config::wiped_text> text{std::in_place};
        std::shared_ptr<identity::keyring const> keyring;
        config::problems problems;
    };
    auto const parsed = std::make_shared<parsed_file>();
    parsed->text->append(what.text);
    auto const parse = [parsed, &protocols = daemon_.protocols().types()] {
        config::no_secret_files none;
        auto read = config::parse_credentials(
            parsed->text->view(),
            "import",
            {.protocols = protocols, .decoy = secret_bytes{}, .kind = &psk_credentials()},
            none,
            parsed->problems
        );
        parsed->keyring = std::move(read.keyring);
        parsed->text.reset();
    };
    auto const go_on = [this, parsed, set, policy, to = std::move(answer)](
                           std::string const& failure
                       ) {
        if (!failure.empty()) {
            to(broken_off(failure));
            return;
        }
        if (!parsed->keyring) {
            to(admin::answer_with(
                admin::refusal{422, "refused", "nothing was imported"},
                boost::json::object{{"problems", problems_document(parsed->problems)}}
            ));
            return;
        }
        if (parsed->keyring->has_wildcard() || !parsed->keyring->masters().empty()) {
            to(admin::answer_with(admin::refusal{
                422, "refused", "a store holds listed devices only, no \"*\" and no \"derived\""}));
            return;
        }
        auto const how =
            policy == "add" ? store::import_policy::add_only : store::import_policy::replace;
        change_whole_store(
            set,
            [parsed, how](store::device_store& open) {
                return take_in(open, *parsed->keyring, how);
            },
            to
        );
    };
    daemon_.do_aside(parse, go_on);
}

void administration::export_devices(config::credential_set const& set, reply answer)
{
    auto const write = [](store::device_store& open) {
        auto const read = read_all(open);
        return read ? admin::answer_with(boost::json::object{
                          {"file", read->file}, {"devices", read->devices}})
                    : admin::answer_with(refusal_of(read.error()));
    };
    ask_store_aside(set, write, std::move(answer));
}

}  // namespace gatehouse
