// A UDP socket for each device of a run, towards a gateway on another machine.
#pragma once

#include "carrier.h"
#include "net/task.h"
#include "udp_line.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace gatehouse::sim {

struct run_environment;

class own_lines final : public carrier {
public:
    // Both outlive the lines.
    own_lines(run_environment& run, datagram_hearer& hearer);

    failure open(std::uint32_t device) override;
    failure rebind(std::uint32_t device) override;
    void send(std::uint32_t device, bytes datagram) override;
    void flush() override {}
    void stop() noexcept override;

private:
    friend task listen(own_lines* all, std::uint32_t device);
    void read(std::uint32_t device);

    run_environment& run_;
    datagram_hearer& hearer_;
    std::vector<std::unique_ptr<udp_line>> lines_;  // made when first needed
    bool stopped_ = false;
};

}  // namespace gatehouse::sim
