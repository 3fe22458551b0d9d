#include "support/pssst_vectors.h"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace gatehouse::test {

namespace {

namespace json = boost::json;

std::string text_at(json::object const& in, std::string_view name)
{
    return std::string{in.at(name).as_string()};
}

byte_string hex_at(json::object const& in, std::string_view name)
{
    return in.contains(name) && in.at(name).is_string()
               ? hex_bytes(std::string_view{in.at(name).as_string()})
               : byte_string{};
}

std::optional<byte_string> maybe_hex_at(json::object const& in, std::string_view name)
{
    if (!in.contains(name) || in.at(name).is_null())
        return std::nullopt;
    return hex_at(in, name);
}

// The message of the largest packets is a rule.
byte_string message_of(json::object const& in)
{
    if (in.contains("message"))
        return hex_at(in, "message");
    byte_string made(in.at("message_length").to_number<std::size_t>());
    for (std::size_t i = 0; i < made.size(); ++i)
        made[i] = static_cast<std::uint8_t>(131 * i + 7);
    return made;
}

pssst_recorded_request read_request(json::object const& in)
{
    auto const& derived = in.at("derived").as_object();
    pssst_recorded_request made{
        .id = text_at(in, "id"),
        .keyset = text_at(in, "keyset"),
        .ephemeral_private = hex_at(in, "ephemeral_private"),
        .message = message_of(in),
        .packet = hex_at(in, "packet"),
        .packet_digest = hex_at(in, "packet_sha256"),
        .client_public = maybe_hex_at(in.at("expected").as_object(), "client_public_key"),
        .header = hex_at(derived, "header"),
        .dh = hex_at(derived, "dh"),
        .shared = hex_at(derived, "shared_secret"),
        .key = hex_at(derived, "key"),
        .request_nonce = hex_at(derived, "nonce_request"),
        .reply_nonce = hex_at(derived, "nonce_reply"),
        .replies = {},
    };
    for (auto const& each : in.at("replies").as_array()) {
        auto const& reply = each.as_object();
        auto message = reply.contains("message")
                           ? hex_at(reply, "message")
                           : byte_string{made.message.rbegin(), made.message.rend()};
        made.replies.push_back(
            {std::move(message), hex_at(reply, "packet"), hex_at(reply, "packet_sha256")}
        );
    }
    return made;
}

pssst_malformed read_malformed(json::object const& in, std::string_view of)
{
    pssst_malformed made{text_at(in, "id"), text_at(in, of), hex_at(in, "packet"), {}};
    made.acceptable.push_back(text_at(in, "expected_error"));
    if (in.contains("also_acceptable") && in.at("also_acceptable").is_array())
        for (auto const& each : in.at("also_acceptable").as_array())
            made.acceptable.emplace_back(each.as_string());
    return made;
}

pssst_edge read_edge(json::object const& in)
{
    auto const& seen = in.at("python_0_2_1").as_object();
    return {
        .id = text_at(in, "id"),
        .keyset = text_at(in, "keyset"),
        .packet = hex_at(in, "packet"),
        .accepted = seen.at("result").as_string() == "accept",
        .message = hex_at(seen, "message"),
        .client_public = maybe_hex_at(seen, "client_public_key"),
        .reply_to_72 = hex_at(seen, "reply_to_72"),
    };
}

pssst_vectors read_all(json::object const& in)
{
    pssst_vectors made;
    for (auto const& [name, value] : in.at("keysets").as_object()) {
        auto const& keys = value.as_object();
        made.keysets[std::string{name}] = {
            hex_at(keys, "server_private"),
            hex_at(keys, "server_public"),
            hex_at(keys, "client_private"),
            hex_at(keys, "client_public")};
    }
    for (auto const& each : in.at("requests").as_array())
        made.requests.push_back(read_request(each.as_object()));
    for (auto const& each : in.at("malformed_requests").as_array())
        made.malformed_requests.push_back(read_malformed(each.as_object(), "keyset"));
    for (auto const& each : in.at("edge_requests").as_array())
        made.edge_requests.push_back(read_edge(each.as_object()));
    for (auto const& each : in.at("malformed_replies").as_array())
        made.malformed_replies.push_back(read_malformed(each.as_object(), "request_id"));
    auto const& replay = in.at("replay").as_object();
    made.replayed = text_at(replay, "request_id");
    for (auto const& each : replay.at("answers").as_array())
        made.replay_answers.push_back(
            {hex_at(each.as_object(), "message"), hex_at(each.as_object(), "packet"), {}}
        );
    return made;
}

}  // namespace

pssst_recorded_request const& pssst_vectors::request(std::string const& id) const
{
    auto const found =
        std::find_if(requests.begin(), requests.end(), [&](auto const& r) { return r.id == id; });
    if (found == requests.end())
        throw std::out_of_range{"no recorded request " + id};
    return *found;
}

pssst_vectors const& recorded_pssst()
{
    static pssst_vectors const all = [] {
        std::ifstream file{GATEHOUSE_SOURCE_DIR "/tests/vectors/pssst.json"};
        std::string const text{std::istreambuf_iterator<char>{file}, {}};
        return read_all(json::parse(text).as_object());
    }();
    return all;
}

}  // namespace gatehouse::test
