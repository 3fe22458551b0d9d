// One device on one TCP connection.
#pragma once

#include "connection.h"
#include "device_options.h"
#include "link.h"
#include "net/clock.h"

namespace gatehouse::sim {

class stream_link final : public link {
public:
    stream_link(executor const& where, toolbox& tools, device_options const& options)
        : options_{options}
        , tools_{tools}
        , link_{where, tools, options.kind->make_stream(0)}
    {
    }

    failure open() override { return link_.open(options_.gateway, std::nullopt); }
    waiting connect() override { return link_.socket().async_connect(options_.gateway, awaiting); }
    waiting readable() override
    {
        return link_.socket().async_wait(tcp_socket::wait_read, awaiting);
    }
    void cancel() noexcept override;
    void close() noexcept override { link_.close(); }

    void start(time_point) override { link_.device().start(tools_.out); }
    failure take(time_point now) override
    {
        options_.kind->tell_time(read_wall_clock());
        return link_.take(now);
    }
    failure on_time(time_point now) override { return link_.blocked() ? flush(now) : failure{}; }
    time_point due(time_point now) const override;
    failure flush(time_point) override { return link_.flush(); }

    bool blocked() const override { return link_.blocked() || link_.device().busy(); }
    result<> say(time_point, bytes message) override
    {
        return link_.device().send(message, tools_.out);
    }
    result<> ping(time_point) override { return link_.device().ping(tools_.out); }
    result<> rekey(time_point) override { return link_.device().rekey(tools_.out); }
    result<> bye(time_point) override { return link_.device().bye(tools_.out); }
    void finish_sending() noexcept override { link_.finish_sending(); }
    bool finished() const override { return false; }

    bool established() const override { return link_.device().established(); }
    std::string_view awaits() const override { return link_.device().awaits(); }
    bytes session_id() const override { return link_.device().session_id(); }
    std::uint32_t pongs() const override { return link_.device().pongs(); }
    std::uint32_t rekeys() const override { return link_.device().rekeys(); }

private:
    device_options const& options_;
    toolbox& tools_;
    connection link_;
};

}  // namespace gatehouse::sim
