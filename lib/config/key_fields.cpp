#include "config/key_fields.h"

#include "config/fields.h"

#include <utility>

namespace gatehouse::config {

std::optional<std::string> read_key_id(yaml_map& key)
{
    auto const node = key.require("id");
    std::string id;
    if (!node || !read_label(key, "id", id))
        return std::nullopt;
    if (!looks_like_secret(id))
        return id;
    key.report().at(
        node->where(),
        "the id of a key is public, and this one begins like a secret; write the "
        "secret in its own place, and a name such as \"2026-11\" here"
    );
    return std::nullopt;
}

void read_key_window(yaml_map& key, identity::key_window& into)
{
    read_time(key, "not_before", into.not_before);
    if (read_time(key, "not_after", into.not_after) && into.not_before >= into.not_after)
        key.report().at(
            key.find("not_after")->where(),
            "\"not_after\" must be later than \"not_before\", or the key is never accepted"
        );
}

std::optional<secret_bytes> read_key_secret(
    yaml_map& key, std::string_view field, secret_files& files, key_length wanted
)
{
    auto& report = key.report();
    auto const node = key.require(field);
    if (!node)
        return std::nullopt;
    if (!node->is_scalar()) {
        report.at(node->where(), in_quotes(field) + " must be text" + instead(*node, report));
        return std::nullopt;
    }
    auto value = parse_secret(node->text(), files, wanted);
    if (auto const* const why = std::get_if<std::string>(&value)) {
        report.at(node->where(), *why);
        return std::nullopt;
    }
    return std::get<secret_bytes>(std::move(value));
}

}  // namespace gatehouse::config
