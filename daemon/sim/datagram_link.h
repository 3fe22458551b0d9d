// One device whose datagrams the traffic of the run carries: nothing but its state machine.
#pragma once

#include "datagram_traffic.h"
#include "device/datagram_device.h"
#include "link.h"
#include "run_environment.h"

#include <memory>

namespace gatehouse::sim {

class datagram_link final : public link {
public:
    // `run` outlives the link.
    datagram_link(run_environment& run, std::uint32_t index)
        : run_{run}
        , device_{run.device.kind->make_datagram(index)}
        , index_{index}
    {
    }

    // A datagram of the gateway, to be decrypted in place.
    failure take(mutable_bytes datagram);

    failure open() override { return run_.traffic->open(index_); }
    bool has_to_connect() const noexcept override { return false; }
    void start() override { device_->start(run_.now, run_.out); }
    failure on_time() override;
    time_point due() const override { return device_->deadline(); }
    failure flush() override;
    failure rebind() override { return run_.traffic->rebind(index_); }
    closing close(failure const&) noexcept override { return closing::done; }

    bool blocked() const override { return device_->busy(); }
    result<> say(bytes message) override { return device_->send(run_.now, message, run_.out); }
    result<> ping() override { return device_->ping(run_.now, run_.out); }
    result<> rekey() override { return device_->rekey(run_.now, run_.out); }
    result<> bye() override { return device_->bye(run_.now, run_.out); }

    bool established() const override { return device_->established(); }
    bool over() const override { return device_->over(); }
    failure ending() const override;
    std::string_view awaits() const override { return device_->awaits(); }
    std::uint32_t delivered() const override { return device_->delivered(); }
    std::uint32_t repeated() const override { return device_->retransmissions(); }
    bytes session_id() const override { return device_->session_id(); }
    std::uint32_t pongs() const override { return device_->pongs(); }
    std::uint32_t rekeys() const override { return device_->rekeys(); }

private:
    run_environment& run_;
    std::unique_ptr<device::datagram_device> device_;
    std::uint32_t index_;
};

}  // namespace gatehouse::sim
