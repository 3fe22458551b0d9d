// All devices of a load run and the one timer that moves them: admits attempts, keeps appointments,
// passes from phase to phase.
#pragma once

#include "datagram_traffic.h"
#include "load_device.h"
#include "load_run.h"
#include "net/task.h"
#include "progress.h"

#include <boost/asio/basic_signal_set.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace gatehouse::sim {

struct load_result {
    tally const& counts;
    std::uint32_t devices_failed = 0;       // without a session when the run ended
    std::uint64_t handshakes_at_first = 0;  // before sending began
    duration handshake_time{};              // that they took, from the start to the last of them
    duration sending_time{};
};

class fleet {
public:
    // `options` outlive the fleet.
    explicit fleet(load_options const& options);

    // From the first connection to the last goodbye. A signal (INT or TERM) ends it early, in
    // order.
    void run();

    load_result result() const;

private:
    friend task keep_time(fleet* all);
    void tick();
    void keep_appointments();
    void admit();
    void change_phase();
    void finish_connecting();
    void begin_sending();
    void begin_leaving();
    void let_leave();
    void make_devices();

    load_options const& options_;
    boost::asio::io_context context_{1};
    load_run run_;
    std::unique_ptr<datagram_traffic> traffic_;
    std::vector<std::unique_ptr<load_device>> devices_;
    std::deque<load_device*> waiting_;
    std::size_t leavers_ = 0;  // how many devices were told to leave
    steady_timer clock_;
    boost::asio::basic_signal_set<executor> signals_;
    progress progress_;
    std::uint64_t admitted_ = 0;
    time_point phase_limit_ = never;
    time_point sending_from_{};
    duration sending_time_{};
    duration handshake_time_{};
    std::uint64_t handshakes_at_first_ = 0;
    bool stopped_ = false;
};

}  // namespace gatehouse::sim
