// One device's session with the gateway, for the commands that have just one: asks a derived class
// what to say.
#pragma once

#include "datagram_traffic.h"
#include "session.h"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace gatehouse::sim {

// Made before the session that lives on it.
struct dialogue_run {
    explicit dialogue_run(device_options const& options);

    boost::asio::io_context context{1};
    run_environment environment;
    std::unique_ptr<datagram_traffic> traffic;
};

class dialogue : private dialogue_run, protected session {
public:
    ~dialogue() override = default;
    dialogue(dialogue const&) = delete;
    dialogue& operator=(dialogue const&) = delete;

    // The whole session, from connecting to its end. Empty when all went well, else what went wrong
    // and at which step.
    std::string run();

protected:
    // The options outlive the dialogue.
    explicit dialogue(device_options const& options);

    // The gateway said BYE, or is gone. Unless overridden, a failure.
    virtual void session_lost(failure const& why);

    // The last call: nothing happens in the session any more.
    virtual void ended() {}

    // What `began` and `act` may do. A message that cannot be sent is an error that ends nothing.
    result<> tell(bytes message);
    result<> ping();
    result<> rekey();
    void wake_at(time_point when);  // calls `act`
    void part();                    // says BYE and waits for the gateway to close
    void fail(std::string text);
    void end();  // at once, without a word
    // To be called first by a coroutine of the derived class.
    void awake() { environment.wake(); }
    time_point now() const noexcept { return environment.now; }
    device_options const& options() const noexcept { return environment.device; }
    executor where() const noexcept { return environment.where; }

private:
    friend task keep_time(dialogue* with);
    void tick();
    time_point next_tick() const;
    void lost(stage at, failure const& why) final;
    void send_due(time_point planned) final;
    result<> said(result<> done);

    steady_timer clock_;
    time_point wake_ = never;
    std::string failure_;
    bool ends_ = false;
    bool over_ = false;
};

}  // namespace gatehouse::sim
