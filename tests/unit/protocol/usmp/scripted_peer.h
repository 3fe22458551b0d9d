// An outbox with a device's eyes at the other end: what is sent is opened, and no number may stand
// for two frames.
#pragma once

#include "crypto/workbench.h"
#include "protocol/usmp/outbox.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::test {

// A frame as the device reads it.
struct sent_frame {
    usmp::frame_type type{};
    std::uint32_t sequence = 0;
    std::string text;
    byte_string raw;
};

class scripted_peer {
public:
    explicit scripted_peer(usmp::profile const& how);

    // `post` also lets the outbox send what it may.
    void add(byte_string const& text) { box->add(text, ++number_, blocks); }
    void add(std::string_view text) { add(text_bytes(text)); }
    void advance();
    void post(std::string_view text);
    void say_bye();
    void send_rekey();
    void give_up_messages();

    // Is it for what is out? An acknowledged frame lets the next one go.
    bool ack(usmp::transport_ack const& said);
    bool ack(sent_frame const& frame);
    usmp::transport_ack ack_of(sent_frame const& frame);
    void rekey_arrived() { box->rekey_arrived(with(), now); }

    // New keys for what follows.
    void change_keys();
    void read_new_keys();

    // Time passes, deadline by deadline.
    void wait(duration by);
    void measure(duration round_trip);

    // What was sent, in order.
    std::optional<sent_frame> next();
    sent_frame expect(usmp::frame_type type, std::string_view text = {});
    void expect_again(sent_frame const& frame);
    void expect_undelivered(std::uint64_t number, std::string_view text);
    void expect_silence();

    block_pool blocks{4};
    object_pool<usmp::outbox> pool{1};
    pool_ptr<usmp::outbox> box = pool.take();
    usmp::round_trip measured;
    time_point now = time_point{} + std::chrono::hours{1};
    std::deque<sent_frame> sent;
    std::deque<std::pair<std::uint64_t, std::string>> undelivered;
    std::uint32_t retransmitted = 0;

private:
    template <class Act>
    void collect(Act act);
    sent_frame read(bytes raw);
    usmp::outbox::tools with();

    usmp::profile const& how_;
    usmp::wire_session_id id_{pattern_bytes(16, 9)};
    crypto::workbench crypto_;
    usmp::direction to_;
    crypto::aead_key readable_;
    std::uint64_t number_ = 0;
    output out_;
    std::map<std::pair<std::uint32_t, bool>, byte_string> seen_;
};

// 0.4.7 and 0.5 take frames in strict order, later ones do not. Instantiated in outbox_test.cpp.
class outbox : public testing::TestWithParam<usmp::profile const*> {
protected:
    bool strict() const { return !usmp::acks_are_proven(*GetParam()); }
    scripted_peer peer{*GetParam()};
};

}  // namespace gatehouse::test
