// One file of recorded USMP traffic (tests/vectors), read into plain values.
#pragma once

#include "support/byte_string.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::test {

struct recorded_frame {
    bool from_device = false;
    std::uint8_t type = 0;
    std::uint32_t sequence = 0;
    byte_string frame;
    byte_string plaintext;  // of encrypted frames
    byte_string nonce;      // of encrypted frames, also where it is not on the wire
};

// A frame in a datagram of its own, or a UTACK, which names the frame that it acknowledges.
struct recorded_datagram : recorded_frame {
    bool is_ack = false;
};

struct recorded_rekey {
    byte_string salt;
    byte_string client_transmit;
    byte_string client_receive;
    byte_string client_transmit_after;
    byte_string client_receive_after;
};

struct checksum_case {
    byte_string input;
    std::uint16_t checksum = 0;
};

// The cases that the makers of USMP publish with their own implementations.
struct golden_cases {
    struct additional_data {
        std::uint8_t version = 0;
        std::uint8_t type = 0;
        std::uint32_t sequence = 0;
        std::uint16_t length = 0;
        byte_string expected;
    };
    struct nonce {
        std::uint32_t sequence = 0;
        byte_string session_id;
        byte_string expected;
    };
    struct encryption {
        byte_string key;
        byte_string session_id;
        std::uint32_t sequence = 0;
        std::uint8_t type = 0;
        byte_string plaintext;
        byte_string payload;
    };
    struct frame {
        std::uint8_t version = 0;
        std::uint8_t type = 0;
        std::uint32_t sequence = 0;
        byte_string payload;
        std::uint16_t checksum = 0;
        byte_string expected;
    };
    std::vector<checksum_case> checksums;
    std::vector<additional_data> headers;
    std::vector<nonce> nonces;
    std::vector<encryption> encryptions;
    std::vector<frame> frames;
};

struct vector_file {
    std::string generation;  // "A" to "D3"
    std::uint8_t version = 0;

    byte_string psk;
    byte_string device_id;
    byte_string client_private;
    byte_string client_public;
    byte_string server_private;
    byte_string server_public;
    byte_string nonce;
    byte_string session_id;

    byte_string shared;
    byte_string uplink_key;
    byte_string downlink_key;
    byte_string client_proof;
    byte_string server_proof;

    std::vector<recorded_frame> stream;        // TCP, in order
    std::vector<recorded_datagram> datagrams;  // UDP, in order; of C and later
    std::vector<checksum_case> checksums;
    std::optional<recorded_rekey> rekey;
    std::vector<recorded_frame> chacha_frames;
    std::map<std::string, byte_string> other_labels;  // HKDF label to session key
    golden_cases golden;
};

// The generations that have a file, oldest first.
std::vector<std::string> vector_generations();

// Throws when the file is missing or not as expected.
vector_file load_vectors(std::string_view generation);

}  // namespace gatehouse::test
