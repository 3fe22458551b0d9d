#include "modules/gateway_key_reader.h"

#include "config/fields.h"
#include "config/key_fields.h"

#include <algorithm>
#include <utility>

namespace gatehouse::config {

void gateway_key_reader::read(yaml_node list, identity::key_kind kind)
{
    if (list.kind() != yaml_kind::list || list.begin() == list.end()) {
        report_.at(
            list.where(),
            "\"gateway_keys\" must be a list of at least one key, such as "
            "[{id: \"g1\", private: \"file:g1.key\"}]; gatehousectl keygen makes such a file"
        );
        return;
    }
    for (auto const node : list)
        read_key(node, kind);
}

void gateway_key_reader::read_key(yaml_node node, identity::key_kind kind)
{
    yaml_map map{node, "a key of \"gateway_keys\"", report_};
    identity::gateway_key made;
    bool revoked = false;
    auto const id = read_key_id(map);
    auto own = read_private(map);
    read_key_window(map, made.window);
    read_flag(map, "revoked", revoked);
    map.finish();
    if (!id || !is_new_id(*id, map.find("id")->where()) || !own)
        return;
    made.id = names_.intern(*id);
    made.mark = revoked ? identity::key_mark::revoked : identity::key_mark::accepted;
    made.public_key = identity::public_half(*own, kind);
    made.private_key = std::move(*own);
    auto const twin = std::find_if(keys_.begin(), keys_.end(), [&](auto const& other) {
        return other.public_key == made.public_key;
    });
    if (twin != keys_.end())
        report_.at(
            node.where(), "this is the same key as " + in_quotes(names_[twin->id]) + "; remove one"
        );
    else if (keys_.size() == identity::most_gateway_keys)
        report_.at(
            node.where(),
            "more than " + std::to_string(identity::most_gateway_keys) +
                " gateway keys; remove the oldest"
        );
    else
        keys_.push_back(std::move(made));
}

std::optional<identity::private_key> gateway_key_reader::read_private(yaml_map& key)
{
    static constexpr auto size = identity::public_key_size;
    auto const node = key.find("private");
    if (node && node->text().starts_with("text:")) {
        report_.at(
            node->where(),
            "a private key is 32 raw bytes and no text; write it file:, hex:, base64: or "
            "credential:"
        );
        return std::nullopt;
    }
    auto const value = read_key_secret(key, "private", files_, length_of_32);
    if (!value)
        return std::nullopt;
    if (value->size() == size)
        return identity::private_key::from(value->expose().first<size>());
    report_.at(
        node->where(),
        "a private key of " + std::to_string(value->size()) +
            " bytes; it must be the 32 raw bytes of the key, neither digits nor PEM"
    );
    return std::nullopt;
}

bool gateway_key_reader::is_new_id(std::string const& id, position where)
{
    bool const is_new = std::find(ids_.begin(), ids_.end(), id) == ids_.end();
    if (is_new)
        ids_.push_back(id);
    else
        report_.at(
            where, "two gateway keys have the id " + in_quotes(id) + "; ids are unique among them"
        );
    return is_new;
}

}  // namespace gatehouse::config
