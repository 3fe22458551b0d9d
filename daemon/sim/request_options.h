// The options of `gatehouse-sim request`.
#pragma once

#include "arguments.h"
#include "base/time.h"
#include "crypto/x25519.h"
#include "rough_path.h"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>

namespace gatehouse::sim {

enum class request_output : std::uint8_t { replies, report, json };

struct request_options {
    boost::asio::ip::tcp::endpoint gateway;
    crypto::x25519_public gateway_key{};
    std::optional<crypto::x25519_private> own_key;  // none: anonymous
    std::string message;
    bool lines = false;  // of standard input are the messages
    std::uint64_t count = 1;
    double rate = std::numeric_limits<double>::infinity();  // a second
    std::size_t under_way = 1;                              // at once
    duration retry{};                                       // before the first repetition
    unsigned tries = 1;
    roughness path;
    request_output output = request_output::replies;
};

request_options read_request_options(arguments const& given);

// The table that `given` must have been parsed with.
std::span<option const> request_option_table() noexcept;

}  // namespace gatehouse::sim
