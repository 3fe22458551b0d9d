// A gateway's session and a device of ours over a virtual link under a virtual clock: what a whole
// connection does to messages, whatever the link does to bytes.
//
// It keeps the ledgers: everything that one side said must come out at the other side, in order, as
// far as it came before the end. `expect_in_order` says so at any time.
#pragma once

#include "device/usmp_device.h"
#include "protocol/usmp/stream_session.h"
#include "simulation/stream_link.h"
#include "support/usmp_fixture.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace gatehouse::test {

// What one message went through.
struct ledger {
    std::vector<byte_string> said;
    std::vector<byte_string> heard;
};

struct pair_setup {
    device::usmp_settings device;
    link_behaviour behaviour{};
    duration handshake_time = std::chrono::seconds{10};
};

class pair {
public:
    // `world` is the gateway's; several pairs may use it, one after the other.
    pair(usmp_world& world, pair_setup const& setup, std::uint64_t seed, time_point now);

    // Lets everything happen that is due until then, in order.
    void run_until(time_point then);
    void run_for(duration by) { run_until(now_ + by); }
    // Until the handshake has succeeded or failed.
    void meet();
    // Until nothing is under way any more.
    void settle();

    // The device's application.
    void device_says(bytes message);
    void device_pings();
    void device_rekeys();
    void device_leaves();    // BYE, then closes
    void device_closes();    // its own direction, without a word
    void device_vanishes();  // nothing of it arrives any more, and it hears nothing

    // The backend's side.
    void backend_says(bytes message);
    void gateway_ends();  // BYE, then closes

    time_point now() const { return now_; }
    bool device_up() const { return device_.established() && !device_over_; }
    bool gateway_up() const { return session_.facts().authenticated && !gateway_over_; }
    bool over() const { return gateway_over_; }
    session_facts facts() const { return session_.facts(); }
    device::usmp_channel const* channel() const { return device_.channel(); }

    std::optional<error> gateway_error() const { return gateway_error_; }
    std::optional<error> device_error() const { return device_error_; }
    std::optional<end_reason> ended() const { return session_.ended(); }
    bool dismissed() const { return device_.dismissed(); }
    time_point ended_at() const { return ended_at_; }

    ledger const& up() const { return up_; }
    ledger const& down() const { return down_; }
    bool quiet() const { return uplink_.empty() && downlink_.empty(); }
    // A device's REKEY and frames of the gateway passed each other: real devices do not survive
    // that (docs/protocols/usmp.md, "REKEY"), and neither does ours.
    bool crossed() const { return crossed_; }

    void expect_in_order() const;
    void expect_all_delivered() const;

private:
    void step(time_point then);
    void at_gateway(arrival came);
    void at_device(arrival came);
    void flush_gateway();
    void flush_device();
    void close_gateway();
    time_point next_event() const;

    usmp_world& world_;
    std::mt19937_64 random_;
    scripted_random device_random_;
    crypto::workbench device_crypto_;
    block_pool device_blocks_{2};
    device::usmp_environment device_env_;
    time_point now_;
    usmp::stream_session session_;
    device::usmp_device device_;
    stream_link uplink_;
    stream_link downlink_;
    output gateway_out_;
    output device_out_;
    byte_string at_gateway_;  // received, not consumed
    byte_string at_device_;
    ledger up_;
    ledger down_;
    std::optional<error> gateway_error_;
    std::optional<error> device_error_;
    time_point ended_at_ = never;
    bool gateway_over_ = false;
    bool device_over_ = false;
    bool vanished_ = false;
    bool rekey_under_way_ = false;
    bool crossed_ = false;
};

}  // namespace gatehouse::test
