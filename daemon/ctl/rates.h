// Rates of counters between two samples.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace gatehouse::ctl {

class rates {
public:
    // Begins a sample.
    void begin(std::chrono::steady_clock::time_point now);

    // How fast the counter of this name grew since the last sample; nothing in the first, for a
    // new counter, and for one that began anew.
    std::optional<double> of(std::string const& name, double count);

    // Forgets all: the daemon was away.
    void forget();

    // Whether there was a sample before this one.
    bool has_two() const noexcept { return elapsed_ > 0; }

private:
    std::map<std::string, double> before_;
    std::map<std::string, double> now_;
    std::optional<std::chrono::steady_clock::time_point> at_;
    double elapsed_ = 0;
};

}  // namespace gatehouse::ctl
