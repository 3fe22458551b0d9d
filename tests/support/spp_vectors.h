// One file of recorded SPP traffic (tests/vectors), read into plain values.
#pragma once

#include "support/byte_string.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::test {

struct spp_recorded_side {
    byte_string seed;
    byte_string identity;
    byte_string ephemeral_private;
    byte_string ephemeral;
    byte_string signature;
    byte_string hello;
    byte_string transcript;  // all that it sent
};

struct spp_recorded_message {
    bool from_device = false;
    byte_string nonce;
    byte_string plaintext;  // as sealed, with its number if it has one
    byte_string payload;
    byte_string ciphertext;
    byte_string tag;
    byte_string wire;
};

struct spp_negative {
    std::string name;
    bool in_handshake = false;  // else it is the first record
    byte_string wire;
};

struct spp_vectors {
    std::string generation;  // as settings name it
    spp_recorded_side device;
    spp_recorded_side gateway;
    byte_string shared;
    byte_string key;
    byte_string key_0_1;  // what each generation makes of the same secret
    byte_string key_0_2;
    byte_string key_rs_d;
    std::vector<spp_recorded_message> messages;
    std::vector<spp_negative> negative;
};

// The generations that have a file.
std::vector<std::string> spp_generations();

// Throws when the file is missing or not as expected.
spp_vectors load_spp_vectors(std::string_view generation);

}  // namespace gatehouse::test
