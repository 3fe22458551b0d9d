// One device on one TCP connection: one coroutine, and idle no buffer.
#pragma once

#include "device/stream_device.h"
#include "link.h"
#include "net/task.h"
#include "run_environment.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace gatehouse::sim {

class stream_link final : public link {
public:
    // Both outlive the link: `of` until it was told that the link is closed.
    stream_link(run_environment& run, session& of, std::uint32_t index);

    failure open() override;
    bool has_to_connect() const noexcept override { return true; }
    void start() override { device_->start(run_.out); }
    failure on_time() override { return {}; }
    time_point due() const override;
    failure flush() override;
    closing close(failure const& why) noexcept override;

    bool blocked() const override { return !backlog_.empty() || device_->busy(); }
    bool awaits_answer() const override { return device_->busy(); }
    result<> say(bytes message) override { return device_->send(message, run_.out); }
    result<> ping() override { return device_->ping(run_.out); }
    result<> rekey() override { return device_->rekey(run_.out); }
    result<> bye() override;

    bool established() const override { return device_->established(); }
    bool over() const override { return device_->dismissed(); }
    failure ending() const override { return failure::dismissed(device_->dismissal()); }
    std::string_view awaits() const override { return device_->awaits(); }
    bytes session_id() const override { return device_->session_id(); }
    std::uint32_t pongs() const override { return device_->pongs(); }
    std::uint32_t rekeys() const override { return device_->rekeys(); }

private:
    friend task drive(stream_link* link);
    void readable(boost::system::error_code const& broken);
    failure take();
    failure write(bytes data, std::size_t& written);

    run_environment& run_;
    session& session_;
    tcp_socket socket_;
    std::unique_ptr<device::stream_device> device_;
    std::vector<std::uint8_t> partial_;  // of a frame
    std::vector<std::uint8_t> backlog_;  // what the kernel refused, until the next flush
    failure why_;
    std::uint32_t index_;
    bool closed_ = false;
    bool leaving_ = false;
};

}  // namespace gatehouse::sim
