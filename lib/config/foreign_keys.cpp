#include "config/foreign_keys.h"

#include <algorithm>

namespace gatehouse::config {

namespace {

using key_list = credential_kind::key_list;
using keys_of = key_list (credential_kind::*)() const;

bool has(key_list list, std::string_view key)
{
    return std::find(list.begin(), list.end(), key) != list.end();
}

// "one, another and a third"
std::string list_of(std::vector<std::string> const& names)
{
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0)
            text += i + 1 == names.size() ? " and " : ", ";
        text += names[i];
    }
    return text;
}

// The protocols in whose files the key stands.
std::string owners_of(protocol_list const& protocols, keys_of which, std::string_view key)
{
    std::vector<std::string> names;
    for (auto const* one : protocols.known) {
        auto const* const kind = one->facts().keys;
        if (kind != nullptr && has((kind->*which)(), key))
            names.push_back(std::string{one->name()} + " (" + std::string{kind->words()} + ')');
    }
    return list_of(names);
}

std::string users_of(protocol_list const& protocols, credential_kind const& kind)
{
    std::vector<std::string> names;
    for (auto const* one : protocols.known)
        if (one->facts().keys == &kind)
            names.emplace_back(one->name());
    return list_of(names);
}

// Each once, and none that `own` knows, too.
std::vector<std::string_view> list_foreign(
    credential_kind const& own, protocol_list const& protocols, keys_of which
)
{
    std::vector<std::string_view> made;
    for (auto const* one : protocols.known) {
        auto const* const kind = one->facts().keys;
        if (kind == nullptr)
            continue;
        for (auto const key : (kind->*which)())
            if (!has((own.*which)(), key) && !has(made, key))
                made.push_back(key);
    }
    return made;
}

}  // namespace

foreign_keys::foreign_keys(credential_kind const& own, protocol_list const& protocols)
{
    auto const here = "; a device of " + users_of(protocols, own) + ' ' + std::string{own.form()};
    auto const add = [&](std::vector<foreign_key>& into, keys_of which, std::string const& whose) {
        for (auto const key : list_foreign(own, protocols, which))
            into.push_back(
                {key, "belongs to " + whose + " of " + owners_of(protocols, which, key) + here}
            );
    };
    add(top_, &credential_kind::top_keys, "the credentials");
    add(device_, &credential_kind::device_keys, "devices");
}

void foreign_keys::refuse(yaml_map& map, std::vector<foreign_key> const& all)
{
    for (auto const& one : all)
        map.refuse(one.key, one.why);
}

}  // namespace gatehouse::config
