// The device's end of Array-Crypto v1 and v2 over HTTP (docs/protocols/array-crypto.md), with
// requests in the order of stock clients: each message is made under a snapshot of its own, and
// each answer opened with another one. One connection, one request at a time.
#pragma once

#include "base/time.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "device/stream_device.h"
#include "protocol/array_crypto/profile.h"
#include "protocol/array_crypto/v2_message.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::device {

// Owned by the devices' owner, used on one thread; outlives the devices.
struct array_crypto_environment {
    crypto::workbench& crypto;
    crypto::random_source& random;
    array_crypto::v2::tools& messages;
    wall_time wall_now{};  // kept current by the owner
};

struct array_crypto_settings {
    array_crypto::profile how = array_crypto::profile::v2;
    bytes secret{};      // a view; its owner outlives the device
    std::string host{};  // of the gateway, as `Host` has it
    std::string prefix{};
    std::string basic{};  // HTTP Basic: "name:password", or nothing
    std::size_t message_limit = std::size_t{64} << 10;
};

class array_crypto_device final : public stream_device {
public:
    // `env` outlives the device.
    array_crypto_device(array_crypto_environment& env, array_crypto_settings const& settings)
        : env_{env}
        , settings_{settings}
    {
    }

    // POST /handshake.
    void start(output& out) override;
    // Errors: malformed_record (no HTTP answer, or none that fits the request), malformed_oversize,
    // unproven_key (a snapshot is signed with another secret), unproven_stale (its time is more
    // than 60 seconds off), malformed_truncated, unproven_frame (an answer of the backend does not
    // open). Any status that stock clients fail on is the gateway's dismissal.
    result<std::size_t> receive(time_point now, mutable_bytes in, output& out) override;
    result<> send(bytes message, output& out) override;
    // GET /health.
    result<> ping(output& out) override;
    result<> rekey(output& out) override;
    // The protocol has none: the connection just ends.
    result<> bye(output& out) override;

    bool busy() const noexcept override { return doing_ != task::nothing; }
    bool established() const noexcept override { return is_in_ && !is_leaving_ && !dismissed(); }
    bool dismissed() const noexcept override { return !dismissal_.empty(); }
    // "404 Not Found", or "connection: close".
    std::string_view dismissal() const noexcept override { return dismissal_; }
    std::string_view awaits() const noexcept override;

    bytes session_id() const noexcept override { return {}; }
    std::uint32_t pongs() const noexcept override { return pongs_; }
    std::uint32_t rekeys() const noexcept override { return 0; }

private:
    // Whose answer is awaited.
    enum class task : std::uint8_t {
        nothing,
        handshake,
        snapshot_to_seal,
        message,
        snapshot_to_open,
        health,
    };
    struct http_answer;

    void ask(std::string_view method, std::string_view path, output& out);
    void ask(std::string_view path, std::string_view type, bytes body, output& out);
    std::string head_of(std::string_view method, std::string_view path) const;
    result<> take(http_answer const& answer, output& out);
    result<> take_handshake(http_answer const& answer);
    result<array_crypto::pair> read_snapshot(std::string_view json);
    void post_sealed(array_crypto::pair const& under, output& out);
    result<mutable_bytes> open(array_crypto::pair const& under);

    array_crypto_environment& env_;
    array_crypto_settings settings_;
    std::vector<std::uint8_t> text_;   // to be sealed
    std::vector<std::uint8_t> reply_;  // to be opened
    std::string dismissal_;
    std::uint32_t pongs_ = 0;
    task doing_ = task::nothing;
    bool is_in_ = false;
    bool is_leaving_ = false;
};

}  // namespace gatehouse::device
