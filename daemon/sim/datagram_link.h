// One device with one UDP socket.
#pragma once

#include "device_options.h"
#include "link.h"
#include "rough_path.h"
#include "toolbox.h"
#include "udp_line.h"

namespace gatehouse::sim {

class datagram_link final : public link {
public:
    datagram_link(executor const& where, toolbox& tools, device_options const& options);

    failure open() override { return line_.open(options_.gateway); }
    waiting connect() override
    {
        return line_.socket().async_wait(udp_socket::wait_write, awaiting);
    }
    waiting readable() override
    {
        return line_.socket().async_wait(udp_socket::wait_read, awaiting);
    }
    void cancel() noexcept override;
    void close() noexcept override { line_.close(); }

    void start(time_point now) override;
    failure take(time_point now) override;
    failure on_time(time_point now) override;
    time_point due(time_point now) const override;
    failure flush(time_point now) override;

    bool blocked() const override { return device_->busy(); }
    result<> say(time_point now, bytes message) override
    {
        return device_->send(now, message, tools_.out);
    }
    result<> ping(time_point now) override { return device_->ping(now, tools_.out); }
    result<> rekey(time_point now) override { return device_->rekey(now, tools_.out); }
    result<> bye(time_point now) override { return device_->bye(now, tools_.out); }
    void finish_sending() noexcept override {}
    bool finished() const override { return device_->over(); }

    bool established() const override { return device_->established(); }
    std::string_view awaits() const override { return device_->awaits(); }
    bytes session_id() const override { return device_->session_id(); }
    std::uint32_t pongs() const override { return device_->pongs(); }
    std::uint32_t rekeys() const override { return device_->rekeys(); }

private:
    failure hear(time_point now, mutable_bytes datagram);
    failure ending() const;

    device_options const& options_;
    toolbox& tools_;
    udp_line line_;
    std::unique_ptr<device::datagram_device> device_;
    rough_path path_;
    time_point rebind_at_ = never;
};

}  // namespace gatehouse::sim
