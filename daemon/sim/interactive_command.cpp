#include "interactive_command.h"

#include "base/hex.h"
#include "dialogue.h"
#include "line_input.h"
#include "message_line.h"
#include "option_values.h"
#include "protocols.h"
#include "spawn.h"

#include <array>
#include <iostream>
#include <string>

namespace gatehouse::sim {

namespace {

constexpr std::array own_options{
    option{
        "--linger", "TIME", "after the end of piped input: how long silence may last (default 1s)"},
};

constexpr auto blocked_pause = std::chrono::milliseconds{2};

// A frame of the gateway that crosses a REKEY ends the session, so a device rekeys when it is
// quiet.
constexpr duration quiet_before_rekey = std::chrono::milliseconds{200};

struct interactive_options {
    device_options device;
    duration linger{};
};

class conversation final : public dialogue {
public:
    explicit conversation(interactive_options const& options)
        : dialogue{options.device}
        , linger_{options.linger}
        , input_{where()}
        , pause_{where()}
    {
    }

private:
    void look_again() { wake_at(now()); }
    friend task read_lines(conversation* from);

    void began() override;
    void act() override;
    void hear(bytes message) override;
    void session_lost(failure const& why) override;
    void ended() override;
    void execute(std::string const& line);
    void take_lines();
    void execute_lines();
    void rekey_when_quiet();
    void complain(result<> const& done);

    duration linger_;
    line_input input_;
    steady_timer pause_;
    time_point quiet_until_ = never;
    time_point rekey_at_ = never;  // lines wait for it
    bool heard_ = false;
    std::uint32_t pongs_ = 0;
    std::uint32_t rekeys_ = 0;
};

task read_lines(conversation* from)
{
    auto& input = from->input_;
    while (!input.at_end()) {
        if (from->blocked()) {
            from->pause_.expires_after(blocked_pause);
            co_await from->pause_.async_wait(awaiting);
            continue;
        }
        auto const [waited] =
            co_await input.source().async_wait(input.source().wait_read, awaiting);
        if (input.at_end())
            break;
        from->awake();
        input.read(waited);
        from->take_lines();
    }
    from->look_again();
}

void conversation::began()
{
    auto const id = way().session_id();
    std::cerr << "session " << to_hex(id) << (id.empty() ? "" : " ") << "established";
    if (input_.is_terminal())
        std::cerr << "; lines are sent as messages; /ping /rekey /bye are commands";
    std::cerr << std::endl;
    spawn(where(), read_lines(this));
    act();
}

// A person who ends the input leaves; a pipe that ends may have asked for something.
void conversation::act()
{
    if (way().pongs() != pongs_) {
        pongs_ = way().pongs();
        std::cerr << "pong" << std::endl;
    }
    if (way().rekeys() != rekeys_) {
        rekeys_ = way().rekeys();
        std::cerr << "new keys" << std::endl;
    }
    if (rekey_at_ != never)
        rekey_when_quiet();
    execute_lines();
    if (!input_.at_end() || blocked() || rekey_at_ != never)
        return;
    if (quiet_until_ == never || heard_)
        quiet_until_ = later(now(), input_.is_terminal() ? duration::zero() : linger_);
    heard_ = false;
    if (now() >= quiet_until_)
        part();
    else
        wake_at(quiet_until_);
}

void conversation::rekey_when_quiet()
{
    if (heard_)
        rekey_at_ = later(now(), quiet_before_rekey);
    heard_ = false;
    if (now() < rekey_at_) {
        wake_at(rekey_at_);
        return;
    }
    if (blocked())
        return;
    rekey_at_ = never;
    complain(rekey());
}

void conversation::hear(bytes message)
{
    heard_ = true;
    print_message(message);
}

// The gateway may end a session as properly as the device.
void conversation::session_lost(failure const& why)
{
    if (why.what() != failure::kind::dismissed) {
        dialogue::session_lost(why);
        return;
    }
    std::cerr << why.text() << std::endl;
}

void conversation::ended()
{
    input_.stop();
    pause_.cancel();
}

void conversation::take_lines()
{
    execute_lines();
    look_again();
}

void conversation::execute_lines()
{
    while (rekey_at_ == never && !blocked()) {
        auto const line = input_.next();
        if (!line)
            break;
        execute(*line);
    }
}

void conversation::execute(std::string const& line)
{
    if (line == "/ping")
        complain(ping());
    else if (line == "/rekey")
        rekey_at_ = later(now(), quiet_before_rekey);
    else if (line == "/bye")
        part();
    else if (line.starts_with("//"))
        complain(tell(as_bytes(std::string_view{line}.substr(1))));
    else if (line.starts_with('/'))
        std::cerr << "commands are /ping, /rekey and /bye; //text sends /text" << std::endl;
    else
        complain(tell(as_bytes(line)));
}

void conversation::complain(result<> const& done)
{
    if (!done && done.error() == error::malformed_type)
        std::cerr << "this protocol or generation knows no such thing" << std::endl;
    else if (!done && done.error() != error::internal_closed)
        std::cerr << "not sent: " << describe(done.error()) << std::endl;
}

interactive_options read_options(arguments const& given)
{
    interactive_options read;
    read.device = read_device_options(given, device_count::one);
    read.linger = read_duration(given, "--linger", std::chrono::seconds{1});
    return read;
}

}  // namespace

int run_interactive(std::span<char const* const> words)
{
    auto const read = read_options(arguments{
        words, with_protocols(device_options_and(own_options), option_set::one_device)});
    conversation device{read};
    auto const failure = device.run();
    if (failure.empty())
        return 0;
    std::cerr << "gatehouse-sim: " << failure << '\n';
    return 1;
}

std::string interactive_usage()
{
    return usage_lines("interactive --connect HOST:PORT", "", option_set::one_device) +
           "  Lines of standard input are sent as messages, messages of the gateway are printed.\n"
           "  /ping, /rekey and /bye are commands.\n" +
           describe_with_protocols(device_options_and(own_options), option_set::one_device);
}

}  // namespace gatehouse::sim
