// A UDP socket for each device of a load run, towards a gateway on another machine.
#pragma once

#include "carrier.h"
#include "net/task.h"
#include "udp_line.h"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace gatehouse::sim {

struct toolbox;

class own_lines final : public carrier {
public:
    struct environment {
        executor where;
        toolbox& tools;
        datagram_hearer& hearer;
    };

    // What is named in `around` outlives the lines.
    own_lines(
        environment const& around,
        boost::asio::ip::tcp::endpoint const& gateway,
        std::uint32_t devices
    );

    failure open(std::uint32_t device) override;
    failure rebind(std::uint32_t device) override;
    void send(std::uint32_t device, bytes datagram) override;
    void flush() override {}
    void stop() noexcept override;

private:
    friend task listen(own_lines* all, std::uint32_t device);
    void read(std::uint32_t device);

    environment around_;
    boost::asio::ip::tcp::endpoint gateway_;
    std::vector<std::unique_ptr<udp_line>> lines_;  // made when first needed
    bool stopped_ = false;
};

}  // namespace gatehouse::sim
