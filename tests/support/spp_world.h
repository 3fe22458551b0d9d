// Everything that an SPP session needs around it, made from a plain description, and one session in
// it that is driven by hand under a virtual clock.
#pragma once

#include "protocol/spp/stream_door.h"
#include "support/byte_string.h"
#include "support/reference_spp.h"
#include "support/scripted_random.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::test {

struct spp_gateway_key {
    byte_string seed;
    identity::key_window window{};
    identity::key_mark mark = identity::key_mark::accepted;
};

struct spp_listed_device {
    std::string name;
    byte_string identity;
    std::vector<std::string> from{};           // ranges; empty: anywhere
    std::optional<std::size_t> gateway_key{};  // place; nothing: any
    identity::device_state state = identity::device_state::enabled;
};

inline byte_string usual_gateway_seed()
{
    return byte_string(32, 0x22);
}

// The device of the usual world, and what it is called there.
reference_spp_device::setup usual_spp_device(std::string const& generation = "0.2");
inline constexpr char const* usual_meter = "meter-1";

spp::settings all_spp_generations_admitted();

struct spp_world_setup {
    spp::settings config = all_spp_generations_admitted();
    std::vector<spp_gateway_key> gateway_keys{{usual_gateway_seed()}};  // newest first
    std::vector<spp_listed_device> devices{
        {usual_meter, reference_spp_device{usual_spp_device()}.identity()}};
    byte_string random{};  // the first draws; a seeded stream follows
    wall_time wall_now{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};
    time_point now = time_point{} + std::chrono::hours{1};
    duration handshake_time = std::chrono::seconds{10};
    peer_address peer = peer_address::v4({192, 0, 2, 7}, 53211);
};

// The ids of the gateway keys are "g0", "g1", ... in the order of the list.
std::unique_ptr<identity::keyring const> make_spp_keyring(spp_world_setup const& setup);

class spp_ids final : public session_id_issuer {
public:
    session_id issue() override { return session_id{next_++}; }

private:
    std::uint64_t next_ = 0x0102030405060708;
};

// The same for everybody: as many as there are.
class spp_trials final : public spp::trial_budget {
public:
    bool take(time_point, peer_address const& from) override
    {
        askers.push_back(from);
        return left > 0 && left-- > 0;
    }

    std::size_t left = 1'000'000;
    std::vector<peer_address> askers;
};

struct spp_world {
    explicit spp_world(spp_world_setup const& setup);
    spp_world(spp_world const&) = delete;
    spp_world& operator=(spp_world const&) = delete;

    // Another snapshot.
    void install(std::unique_ptr<identity::keyring const> next);

    scripted_random random;
    crypto::x25519_key_pool pool{random, 0};
    spp_ids ids;
    std::unique_ptr<identity::keyring const> keyring;
    spp::source_hints hints{64, spp::limits::hints_a_set};
    spp_trials trials;
    spp::environment env;
    spp::stream_door door{env};
};

enum class spp_opening : std::uint8_t { device_first, gateway_first };

class live_spp_session {
public:
    explicit live_spp_session(
        spp_world_setup const& setup, spp_opening how = spp_opening::device_first
    );

    // Bytes of the device, after those that were not consumed yet. Once the session is over, they
    // are thrown away, as by a closed socket.
    void feed(bytes data);
    void feed_bytewise(bytes data);
    void send(bytes message);
    void advance(duration by);
    // Waits for the session's next deadline. False when it has none.
    bool time_out();
    void end();

    // Both hellos and a first record, `first`, as they should be. Takes the gateway's hello out of
    // `wire` and the message out of `up`.
    void shake_hands(reference_spp_device& device, std::string_view first = "first");
    // The front of `wire`, taken out.
    byte_string take_wire();

    bool over() const { return failure.has_value(); }
    bool authenticated() const { return session_->facts().authenticated; }
    session& get() { return *session_; }
    spp_world& world() { return world_; }
    std::size_t unconsumed() const { return pending_.size(); }

    std::deque<byte_string> wire;  // frames for the device; the test takes them out
    std::deque<byte_string> up;    // messages for the backend; the test takes them out
    std::optional<error> failure;  // how the session failed
    std::optional<error> refused;  // what the last `send` was refused with

private:
    void collect();

    spp_world world_;
    time_point now_;
    output out_;
    std::unique_ptr<session> session_;
    byte_string pending_;
};

}  // namespace gatehouse::test
