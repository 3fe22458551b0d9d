#include "support/spp_vectors.h"

#include <boost/json.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace gatehouse::test {

namespace {

namespace json = boost::json;

std::string file_of(std::string_view generation)
{
    if (generation == "0.1" || generation == "0.2")
        return "spp-py-" + std::string{generation} + ".json";
    if (generation == "rs-d")
        return "spp-rs-d-hkdf-nonet.json";
    throw std::invalid_argument{"no vectors: " + std::string{generation}};
}

byte_string hex_at(json::object const& in, std::string_view name)
{
    return hex_bytes(std::string_view{in.at(name).as_string()});
}

spp_recorded_side read_side(json::object const& top, char const* who, char const* direction)
{
    auto const& in = top.at(who).as_object();
    return {
        .seed = hex_at(in, "ed25519_seed"),
        .identity = hex_at(in, "ed25519_public"),
        .ephemeral_private = hex_at(in, "x25519_private"),
        .ephemeral = hex_at(in, "x25519_public"),
        .signature = hex_at(in, "signature"),
        .hello = hex_at(top.at("handshake").as_object(), direction),
        .transcript = hex_at(top.at("full_transcript").as_object(), direction),
    };
}

spp_recorded_message read_message(json::object const& in)
{
    auto const plaintext = in.contains("aead_plaintext") ? "aead_plaintext" : "payload";
    return {
        .from_device = in.at("direction").as_string() == "client_to_server",
        .nonce = hex_at(in, "nonce"),
        .plaintext = hex_at(in, plaintext),
        .payload = hex_at(in, "payload"),
        .ciphertext = hex_at(in, "ciphertext"),
        .tag = hex_at(in, "tag"),
        .wire = hex_at(in, "wire"),
    };
}

spp_negative read_negative(json::object const& in)
{
    return {
        .name = std::string{in.at("name").as_string()},
        .in_handshake = in.at("stage").as_string() == "handshake",
        .wire = hex_at(in, "wire"),
    };
}

}  // namespace

std::vector<std::string> spp_generations()
{
    return {"0.2", "0.1", "rs-d"};
}

spp_vectors load_spp_vectors(std::string_view generation)
{
    auto const path = std::string{GATEHOUSE_SOURCE_DIR} + "/tests/vectors/" + file_of(generation);
    std::ifstream file{path};
    if (!file)
        throw std::runtime_error{"cannot read " + path};
    auto const parsed = json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
    auto const& top = parsed.as_object();
    auto const& keys = top.at("all_kdf_outputs_for_this_shared_secret").as_object();
    spp_vectors made{
        .generation = std::string{generation},
        .device = read_side(top, "client", "client_to_server"),
        .gateway = read_side(top, "server", "server_to_client"),
        .shared = hex_at(top, "shared_secret"),
        .key = hex_at(top, "auth_key"),
        .key_0_1 = hex_at(keys, "py1_hkdf_sha3_256"),
        .key_0_2 = hex_at(keys, "py2_rsa_concatkdf_sha256"),
        .key_rs_d = hex_at(keys, "rsb_rsc_rsd_hkdf_sha256"),
        .messages = {},
        .negative = {},
    };
    for (auto const& message : top.at("messages").as_array())
        made.messages.push_back(read_message(message.as_object()));
    for (auto const& negative : top.at("negative").as_array())
        made.negative.push_back(read_negative(negative.as_object()));
    return made;
}

}  // namespace gatehouse::test
