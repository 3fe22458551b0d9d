// A device of 0.4.7 or 0.5 as its Python client is, with the simplest application: it sends a
// message, waits for the answer, thinks, and begins again; when its session is dead it makes
// another.
//
// What the client does with the gateway's frames: it acknowledges each as it comes, before anybody
// has looked into it, and keeps it; `recv` opens the oldest, which must be the next one, and only
// then knows it again. While a frame of its own waits for its UTACK, `recv` does not run.
#pragma once

#include "device/usmp_datagram_device.h"
#include "simulation/datagram_gateway.h"
#include "support/scripted_random.h"

#include <cstdint>
#include <optional>
#include <random>

namespace gatehouse::test {

struct talker_behaviour {
    duration longest_thought = std::chrono::seconds{2};
    duration recv_timeout = std::chrono::seconds{10};
    bool hears_while_thinking = true;  // `recv` runs beside the rest of the application
};

class talker {
public:
    talker(
        device::usmp_settings const& settings,
        talker_behaviour const& behaviour,
        datagram_path& path,
        datagram_gateway& gateway,
        message_ledger& ledger,
        std::uint64_t seed
    );

    peer_address const& address() const { return address_; }
    void receive(time_point now, bytes datagram);
    time_point next() const;
    void on_due(time_point now);

    struct tally {
        std::size_t sessions = 0;
        std::size_t unheard = 0;    // ended because five transmissions were not acknowledged
        std::size_t confused = 0;   // ended because a frame came out of order
        std::size_t dismissed = 0;  // ended by the gateway
        std::size_t answers = 0;
    };
    tally const& counted() const { return tally_; }

private:
    enum class doing : std::uint8_t { nothing, connecting, sending, listening, thinking };

    void connect(time_point now);
    void say(time_point now);
    void go_on(time_point now);
    void listen(time_point now);
    void flush(time_point now);
    void lose_session(time_point now, std::size_t& for_what);
    bool listens() const;
    duration up_to(duration most);

    device::usmp_settings settings_;
    talker_behaviour behaviour_;
    datagram_path& path_;
    datagram_gateway& gateway_;
    message_ledger& ledger_;
    std::mt19937_64 random_;
    scripted_random device_random_;
    crypto::workbench crypto_;
    block_pool blocks_{4};
    device::usmp_environment env_{crypto_, device_random_, blocks_};
    std::optional<device::usmp_datagram_device> device_;
    output out_;
    peer_address address_;
    doing now_doing_ = doing::nothing;
    time_point until_;
    std::uint64_t conversation_;
    std::size_t answers_before_ = 0;
    bool was_established_ = false;
    tally tally_;
};

}  // namespace gatehouse::test
