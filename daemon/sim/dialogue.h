// One device's session with the gateway, for the commands that have just one: connects, shakes
// hands, and asks a derived class what to say. One coroutine; a timer that cuts its wait short.
#pragma once

#include "base/time.h"
#include "device_options.h"
#include "failure.h"
#include "link.h"
#include "net/task.h"
#include "toolbox.h"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace gatehouse::sim {

class dialogue {
public:
    virtual ~dialogue() = default;
    dialogue(dialogue const&) = delete;
    dialogue& operator=(dialogue const&) = delete;

    // The whole session, from connecting to its end. Empty when all went well, else what went wrong
    // and at which step.
    std::string run();

protected:
    // The options outlive the dialogue.
    explicit dialogue(device_options const& options);

    // The session is there.
    virtual void begin(time_point now) = 0;

    // Called after everything that happens in the session: says what there is to say.
    virtual void act(time_point now) = 0;

    // One message of the gateway; the bytes live until the return, and nothing is said meanwhile.
    virtual void hear(bytes message) = 0;

    // The gateway said BYE, or is gone. Unless overridden, a failure.
    virtual void lost(failure const& why);

    // The last call: nothing happens in the session any more.
    virtual void ended() {}

    // What `begin` and `act` may do. A message that cannot be sent is an error that ends nothing.
    result<> say(bytes message);
    result<> ping();
    result<> rekey();
    void wake_at(time_point when);
    void leave();  // says BYE and waits for the gateway to close
    void fail(std::string text);
    void end();  // at once, without a word
    bool blocked() const { return link_->blocked(); }
    link const& session() const { return *link_; }
    device_options const& options() const noexcept { return options_; }
    boost::asio::io_context& context() noexcept { return context_; }
    void look_again();  // calls `act` soon

private:
    enum class stage : std::uint8_t { connecting, shaking_hands, talking, leaving, over };

    friend task converse(dialogue* with);
    bool over() const noexcept { return stage_ == stage::over; }
    void connected(boost::system::error_code const& refused);
    void look(boost::system::error_code const& cut_short);
    void take(failure const& wrong, time_point now);
    void step(time_point now);
    void flush(time_point now);
    result<> said(result<> done, time_point now);
    void keep_alive(time_point now);
    void handshake_failed(failure const& why);

    device_options const& options_;
    boost::asio::io_context context_{1};
    toolbox tools_;
    std::unique_ptr<link> link_;
    steady_timer timer_;
    stage stage_ = stage::connecting;
    time_point wake_ = never;
    time_point limit_ = never;  // of the stage
    time_point last_said_{};
    std::string failure_;
};

}  // namespace gatehouse::sim
