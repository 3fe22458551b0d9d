// A device of a load run over UDP: nothing but its state machine, some 0.5 kB while it is idle.
#pragma once

#include "device/datagram_device.h"
#include "load_device.h"

#include <memory>

namespace gatehouse::sim {

class datagram_load_device final : public load_device {
public:
    datagram_load_device(load_run& run, std::uint32_t index) : load_device{run, index} {}

    // A datagram of the gateway, to be decrypted in place.
    void take(mutable_bytes datagram);

    void abandon() override;

private:
    void open() override;
    bool connected() const noexcept override { return link_ != nullptr; }
    bool blocked() const override { return link_->busy(); }
    result<> say(bytes message) override;
    void ping() override;
    void farewell() override;
    void flush() override;
    void drop(failure const& why) override;
    void keep_own(due_action what) override;
    std::string_view awaits() const override { return link_->awaits(); }

    void look();
    void appoint_rebind();

    std::unique_ptr<device::datagram_device> link_;
    time_point timer_ = never;  // the earliest appointment for a repetition
};

}  // namespace gatehouse::sim
