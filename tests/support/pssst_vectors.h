// The recorded PSSST packets (tests/vectors/pssst.json), read into plain values.
#pragma once

#include "support/byte_string.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::test {

struct pssst_keyset {
    byte_string server_private;
    byte_string server_public;
    byte_string client_private;
    byte_string client_public;
};

struct pssst_exchange {
    byte_string message;
    byte_string packet;  // of a reply; or its digest
    byte_string packet_digest;
};

struct pssst_recorded_request {
    std::string id;
    std::string keyset;
    byte_string ephemeral_private;
    byte_string message;
    byte_string packet;         // empty: only its digest is recorded
    byte_string packet_digest;  // empty: the packet is recorded
    std::optional<byte_string> client_public;

    byte_string header;
    byte_string dh;
    byte_string shared;
    byte_string key;
    byte_string request_nonce;
    byte_string reply_nonce;

    std::vector<pssst_exchange> replies;
};

struct pssst_malformed {
    std::string id;
    std::string of;  // keyset of a request, request of a reply
    byte_string packet;
    std::vector<std::string> acceptable;  // the expected error first
};

struct pssst_edge {
    std::string id;
    std::string keyset;
    byte_string packet;
    bool accepted = false;
    byte_string message;
    std::optional<byte_string> client_public;
    byte_string reply_to_72;
};

struct pssst_vectors {
    std::map<std::string, pssst_keyset> keysets;
    std::vector<pssst_recorded_request> requests;
    std::vector<pssst_malformed> malformed_requests;
    std::vector<pssst_edge> edge_requests;
    std::vector<pssst_malformed> malformed_replies;
    std::string replayed;  // id of the request
    std::vector<pssst_exchange> replay_answers;

    pssst_recorded_request const& request(std::string const& id) const;
};

// Read once. Throws when the file is missing or not as expected.
pssst_vectors const& recorded_pssst();

}  // namespace gatehouse::test
