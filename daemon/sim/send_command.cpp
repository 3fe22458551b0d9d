#include "send_command.h"

#include "dialogue.h"
#include "message_line.h"
#include "option_values.h"
#include "protocols.h"

#include <array>
#include <iostream>
#include <limits>
#include <string>

namespace gatehouse::sim {

namespace {

constexpr std::array own_options{
    option{"--message", "TEXT", "what to send (default: a text of --size bytes)"},
    option{"--count", "N", "how many messages (default 1; 0 = only the handshake)"},
    option{"--size", "BYTES", "of the message, instead of --message (default 16)"},
    option{"--interval", "TIME", "between two messages (default 0)"},
    option{"--expect-reply", "", "wait for one message of the gateway after each"},
};

struct send_options {
    device_options device;
    std::string message;
    std::uint64_t count = 1;
    duration interval{};
    bool expect_reply = false;
};

send_options read_options(arguments const& given)
{
    send_options read;
    read.device = read_device_options(given, device_count::one);
    read.count = read_number(given, "--count", 1, {0, std::numeric_limits<std::uint32_t>::max()});
    read.interval = read_duration(given, "--interval", duration::zero());
    read.expect_reply = given.has("--expect-reply");
    if (given.has("--message") && given.has("--size"))
        throw usage_error{"--message and --size exclude each other"};
    auto const limit = read.device.facts().message_limit;
    read.message = std::string(read_size(given, "--size", 16, {0, limit}), 'x');
    if (auto const text = given.text("--message"))
        read.message = *text;
    if (read.message.size() > limit)
        throw usage_error{
            "--message is too long: this generation's messages have at most " +
            std::to_string(limit) + " bytes"};
    return read;
}

class sender final : public dialogue {
public:
    explicit sender(send_options const& options) : dialogue{options.device}, options_{options} {}

private:
    void began() override
    {
        next_ = now();
        act();
    }

    void act() override
    {
        while (!blocked()) {
            if (options_.expect_reply && replies_ < sent_) {
                await_reply();
                return;
            }
            if (sent_ == options_.count) {
                part();
                return;
            }
            if (now() < next_) {
                wake_at(next_);
                return;
            }
            if (auto const said = tell(as_bytes(options_.message)); !said) {
                fail("send: " + std::string{describe(said.error())});
                return;
            }
            ++sent_;
            next_ = later(now(), options_.interval);
            reply_limit_ = later(now(), options_.device.timeout);
        }
    }

    // The gateway may end a session that needs nothing more.
    void session_lost(failure const& why) override
    {
        bool const is_done = sent_ == options_.count && !options_.expect_reply;
        if (!is_done || !why.is_goodbye())
            dialogue::session_lost(why);
    }

    void await_reply()
    {
        if (now() >= reply_limit_)
            fail("reply: no reply to message " + std::to_string(sent_) + " in time");
        else
            wake_at(reply_limit_);
    }

    void hear(bytes message) override
    {
        ++replies_;
        print_message(message);
    }

    send_options const& options_;
    std::uint64_t sent_ = 0;
    std::uint64_t replies_ = 0;
    time_point next_{};
    time_point reply_limit_ = never;
};

}  // namespace

int run_send(std::span<char const* const> words)
{
    auto const read = read_options(arguments{
        words, with_protocols(device_options_and(own_options), option_set::one_device)});
    sender device{read};
    auto const failure = device.run();
    if (failure.empty())
        return 0;
    std::cerr << "gatehouse-sim: " << failure << '\n';
    return 1;
}

std::string send_usage()
{
    return usage_lines("send --connect HOST:PORT", "", option_set::one_device) +
           "  One device connects, sends its messages and says goodbye. Messages of the gateway go "
           "to\n"
           "  standard output, one line each.\n" +
           describe_with_protocols(device_options_and(own_options), option_set::one_device);
}

}  // namespace gatehouse::sim
