// One conversation with a device (docs/protocols/upss.md, "Session"): a handshake of seven
// packages, of which nothing proves who the device is, and messages and answers by turns.
//
// The session begins with the first sealed message that opens: its facts never say that the device
// is authentic, only that there is a session. While it is the gateway's turn, what the device sends
// is not taken.
#pragma once

#include "base/address.h"
#include "protocol/lifetime.h"
#include "protocol/session.h"
#include "protocol/upss/environment.h"
#include "protocol/upss/package_scan.h"
#include "protocol/upss/package_writer.h"
#include "protocol/upss/sealed_field.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::upss {

class stream_session final : public session {
public:
    // `env` outlives the session. The first message must be whole before `first_deadline`.
    stream_session(environment& env, time_point first_deadline, peer_address const& peer);
    ~stream_session() override;

    void carried_by(session_carrier& by) override { carrier_ = &by; }
    result<std::size_t> receive(time_point now, mutable_bytes in, output& out) override;
    result<> send(time_point now, bytes message, output& out) override;
    result<> send_last(time_point now, bytes message, std::string_view status, output& out)
        override;
    bool wants_what_it_left() const override { return !is_ours() && !ends_; }
    result<> on_deadline(time_point now, output& out) override;
    time_point deadline() const override;
    void end(time_point now, output& out) override;
    void dismiss(time_point now, output& out) override;
    void peer_closed(time_point now) override;
    std::optional<end_reason> ended() const override { return ended_; }
    std::optional<error> turned_away() const override { return failure_; }
    bool says_no_more() const override { return ends_; }
    session_facts facts() const override { return facts_; }
    std::string_view route() const override { return path_; }
    session_times times() const override;
    void set_key_window(identity::key_window const& window, wall_time wall_now, time_point now)
        override;

private:
    // What the session waits for.
    enum class phase : std::uint8_t {
        hello,         // package 1
        key,           // package 3
        opening,       // the block of package 3 is opened elsewhere
        confirmation,  // package 5
        call,          // package 6
        first_message,
        answer,  // of the backend
        message,
    };

    bool is_ours() const noexcept { return phase_ == phase::opening || phase_ == phase::answer; }
    std::size_t package_limit() const noexcept;
    // An error ends the connection without a word, as the reference does.
    result<> take(package const& said, output& out);
    result<> take_hello(package const& said, output& out);
    result<> take_key(package const& said);
    result<> take_confirmation(package const& said);
    result<> take_call(package const& said, output& out);
    result<> take_message(package const& said, output& out);
    result<> opened(output& out);
    result<bytes> open_message(package const& said);
    result<> is_acceptable(opened_field const& field);
    void begin_session(package const& said);

    void say_sealed(bytes text, output& out);
    void say_status(std::string_view status, output& out);
    // Says ERROR and ends, for the device has been told nothing else about it.
    void refuse(error why, output& out);
    void end_conversation(std::optional<error> why);

    environment& env_;
    session_carrier* carrier_ = nullptr;
    peer_address peer_;
    session_facts facts_;
    std::string path_;
    std::shared_ptr<rsa_pair const> pair_;  // whose public half the device was told
    std::shared_ptr<key_opening> opening_;
    field_key key_;
    std::optional<lifetime> life_;  // of a session
    std::optional<error> failure_;
    std::optional<end_reason> ended_;
    std::vector<std::array<std::uint8_t, 16>> seen_;  // of sealed fields, where none may repeat
    time_point now_;                                  // of the call
    // Of a device that has no session yet, of the answer or the message that is waited for, or of
    // the connection that ends.
    time_point deadline_;
    package_scan scan_;
    std::uint16_t turns_ = 0;
    age_draw age_ = 0;
    phase phase_ = phase::hello;
    bool is_listed_ = false;     // its route
    bool has_one_turn_ = false;  // as devices of 0.0.1
    bool ends_ = false;          // what comes is not looked at
};

}  // namespace gatehouse::upss
