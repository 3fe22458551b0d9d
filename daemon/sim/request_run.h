// One device that sends PSSST requests: some at once, each repeated until it has its reply or has
// been tried often enough.
//
// Waits with poll, as there is one socket and nothing else to do meanwhile.
#pragma once

#include "crypto/random.h"
#include "crypto/workbench.h"
#include "device/pssst_device.h"
#include "failure.h"
#include "latencies.h"
#include "line_input.h"
#include "request_options.h"
#include "udp_line.h"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::sim {

struct request_figures {
    std::uint64_t requests = 0;
    std::uint64_t replies = 0;
    std::uint64_t repeated = 0;    // packets sent again
    std::uint64_t unanswered = 0;  // requests that were given up
    std::uint64_t strangers = 0;   // packets that were no reply to anything that waits
    latencies times;
    duration lasted{};
};

class request_run {
public:
    // `options` outlive the run.
    explicit request_run(request_options const& options);

    // Until all is done. What went wrong, if anything did.
    failure run();

    request_figures const& figures() const noexcept { return figures_; }

private:
    using dh_value = pssst::dh_value;
    struct waiting_request {
        device::pssst_request request;
        time_point asked;
        unsigned tries = 1;
    };

    void begin_some(time_point now);
    std::optional<std::string> next_message();
    void ask(time_point now, std::string const& message);
    void post(time_point now, bytes packet);
    void repeat_due(time_point now);
    void pass_held_back(time_point now);
    void hear(time_point now, mutable_bytes packet);
    void read_socket(time_point now);
    void wait(time_point now);
    bool done() const;
    time_point next_due() const;

    request_options const& options_;
    boost::asio::io_context context_{1};
    udp_line line_{context_.get_executor()};
    std::optional<line_input> input_;
    crypto::workbench crypto_;
    crypto::system_random random_;
    device::pssst_device device_;
    rough_path path_;
    std::map<dh_value, waiting_request> waiting_;
    std::multimap<time_point, dh_value> repetitions_;
    std::vector<std::uint8_t> buffer_;
    time_point next_begin_{};
    bool out_of_lines_ = false;
    request_figures figures_;
};

}  // namespace gatehouse::sim
