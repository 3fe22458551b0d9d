#include "support/vector_file.h"

#include <boost/json.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace gatehouse::test {

namespace {

namespace json = boost::json;

std::map<std::string, std::string, std::less<>> const& file_names()
{
    static std::map<std::string, std::string, std::less<>> const names{
        {"A", "usmp-A-0.2.x.json"},
        {"B", "usmp-B-0.3.0.json"},
        {"C", "usmp-C-0.4.7.json"},
        {"D1", "usmp-D1-0.5.x.json"},
        {"D2", "usmp-D2-1.0.x.json"},
        {"D3", "usmp-D3-1.2.x.json"},
    };
    return names;
}

byte_string hex_at(json::object const& in, std::string_view name)
{
    return hex_bytes(std::string_view{in.at(name).as_string()});
}

byte_string hex_at(json::array const& row, std::size_t column)
{
    return hex_bytes(std::string_view{row.at(column).as_string()});
}

template <class Number>
Number number_at(json::array const& row, std::size_t column)
{
    return row.at(column).to_number<Number>();
}

// Checksums stand in the files as numbers, most significant digit first.
std::uint16_t checksum_of(std::string_view digits)
{
    return static_cast<std::uint16_t>(std::stoul(std::string{digits}, nullptr, 16));
}

recorded_frame read_frame(json::object const& in)
{
    recorded_frame made;
    made.from_device = !in.contains("dir") || in.at("dir").as_string() == "c2s";
    made.type = in.at("type").to_number<std::uint8_t>();
    made.sequence = in.at("seq").to_number<std::uint32_t>();
    made.frame = hex_at(in, "frame");
    if (in.contains("plaintext"))
        made.plaintext = hex_at(in, "plaintext");
    for (auto const* name : {"gcm_nonce", "gcm_nonce_implicit"})
        if (in.contains(name))
            made.nonce = hex_at(in, name);
    return made;
}

std::vector<recorded_frame> read_frames(json::array const& in)
{
    std::vector<recorded_frame> made;
    for (auto const& frame : in)
        made.push_back(read_frame(frame.as_object()));
    return made;
}

recorded_datagram read_datagram(json::object const& in)
{
    if (!in.contains("utack"))
        return {read_frame(in), false};
    recorded_datagram made;
    made.from_device = in.at("dir").as_string() == "c2s";
    made.type = in.at("acks_type").to_number<std::uint8_t>();
    made.sequence = in.at("acks_seq").to_number<std::uint32_t>();
    made.frame = hex_at(in, "utack");
    made.is_ack = true;
    return made;
}

recorded_rekey read_rekey(json::object const& in)
{
    return {
        .salt = hex_at(in, "salt"),
        .client_transmit = hex_at(in, "client_tx_before"),
        .client_receive = hex_at(in, "client_rx_before"),
        .client_transmit_after = hex_at(in, "client_tx_after"),
        .client_receive_after = hex_at(in, "client_rx_after"),
    };
}

void read_inputs(json::object const& in, vector_file& made)
{
    made.psk = hex_at(in, "psk");
    made.device_id = hex_at(in, "device_id");
    made.client_private = hex_at(in, "client_private");
    made.client_public = hex_at(in, "client_public");
    made.server_private = hex_at(in, "server_private");
    made.server_public = hex_at(in, "server_public");
    made.nonce = hex_at(in, "nonce");
    made.session_id = hex_at(in, "session_id");
}

void read_keys(json::object const& in, vector_file& made)
{
    made.shared = hex_at(in, "x25519_shared");
    bool const one_key = in.contains("session_key");
    made.uplink_key = hex_at(in, one_key ? "session_key" : "k_c2s");
    made.downlink_key = hex_at(in, one_key ? "session_key" : "k_s2c");
}

golden_cases read_golden(json::object const& in)
{
    golden_cases made;
    auto const rows = [&](std::string_view name, auto const& take) {
        for (auto const& row : in.at(name).as_array())
            take(row.as_array());
    };
    rows("crc_cases", [&](json::array const& row) {
        made.checksums.push_back({hex_at(row, 0), checksum_of(row.at(1).as_string())});
    });
    rows("aad_cases", [&](json::array const& row) {
        made.headers.push_back({
            .version = number_at<std::uint8_t>(row, 0),
            .type = number_at<std::uint8_t>(row, 1),
            .sequence = number_at<std::uint32_t>(row, 2),
            .length = number_at<std::uint16_t>(row, 3),
            .expected = hex_at(row, 4),
        });
    });
    rows("nonce_cases", [&](json::array const& row) {
        made.nonces.push_back({number_at<std::uint32_t>(row, 0), hex_at(row, 1), hex_at(row, 2)});
    });
    rows("encryption_cases", [&](json::array const& row) {
        made.encryptions.push_back({
            .key = hex_at(row, 0),
            .session_id = hex_at(row, 1),
            .sequence = number_at<std::uint32_t>(row, 2),
            .type = number_at<std::uint8_t>(row, 3),
            .plaintext = hex_at(row, 4),
            .payload = hex_at(row, 5),
        });
    });
    rows("frame_cases", [&](json::array const& row) {
        made.frames.push_back({
            .version = number_at<std::uint8_t>(row, 0),
            .type = number_at<std::uint8_t>(row, 1),
            .sequence = number_at<std::uint32_t>(row, 2),
            .payload = hex_at(row, 3),
            .checksum = checksum_of(row.at(4).as_string()),
            .expected = hex_at(row, 5),
        });
    });
    return made;
}

std::string read_file(std::string const& name)
{
    std::ifstream in{std::string{GATEHOUSE_SOURCE_DIR} + "/tests/vectors/" + name};
    if (!in)
        throw std::runtime_error{"cannot open " + name};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

std::vector<std::string> vector_generations()
{
    std::vector<std::string> made;
    for (auto const& [generation, file] : file_names())
        made.push_back(generation);
    return made;
}

vector_file load_vectors(std::string_view generation)
{
    auto const whole = json::parse(read_file(file_names().find(generation)->second));
    auto const& in = whole.as_object();
    vector_file made;
    made.generation = std::string{in.at("generation").as_string()};
    made.version = in.at("version_byte").to_number<std::uint8_t>();
    read_inputs(in.at("inputs").as_object(), made);
    read_keys(in.at("key_schedule").as_object(), made);
    made.client_proof = hex_at(in.at("hmac").as_object(), "client_hmac");
    made.server_proof = hex_at(in.at("hmac").as_object(), "server_hmac");
    made.stream = read_frames(in.at("tcp").as_array());
    if (auto const* datagrams = in.if_contains("udp"))
        for (auto const& each : datagrams->as_array())
            made.datagrams.push_back(read_datagram(each.as_object()));
    for (auto const& entry : in.at("crc16").as_array())
        made.checksums.push_back(
            {hex_at(entry.as_object(), "input"), checksum_of(entry.at("crc").as_string())}
        );
    if (auto const* rekey = in.if_contains("rekey"))
        made.rekey = read_rekey(rekey->as_object());
    if (auto const* frames = in.if_contains("chacha20poly1305_frames"))
        made.chacha_frames = read_frames(frames->as_array());
    if (auto const* labels = in.if_contains("alternate_labels_seen_in_the_0_2_line"))
        for (auto const& [label, keys] : labels->as_object())
            made.other_labels[std::string{label}] = hex_at(keys.as_object(), "session_key");
    if (auto const* golden = in.if_contains("upstream_golden_vectors_rechecked"))
        made.golden = read_golden(golden->as_object());
    return made;
}

}  // namespace gatehouse::test
