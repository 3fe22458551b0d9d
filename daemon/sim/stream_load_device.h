// A device of a load run over TCP: one coroutine while it has a connection, none while it has not.
#pragma once

#include "connection.h"
#include "load_device.h"

#include <optional>

namespace gatehouse::sim {

class stream_load_device final : public load_device {
public:
    stream_load_device(load_run& run, std::uint32_t index) : load_device{run, index} {}

    void abandon() override;

private:
    friend task drive(stream_load_device* device);
    void connect_ended(boost::system::error_code const& refused);
    void readable(boost::system::error_code const& broken);
    void detached();

    void open() override;
    bool connected() const noexcept override { return link_ && !dropped_; }
    bool blocked() const override { return link_->blocked() || link_->device().busy(); }
    result<> say(bytes message) override;
    void ping() override;
    void farewell() override;
    void flush() override;
    void drop(failure const& why) override;
    void keep_own(due_action what) override;
    std::string_view awaits() const override { return link_->device().awaits(); }

    std::optional<connection> link_;
    failure why_;
    bool dropped_ = false;
};

}  // namespace gatehouse::sim
