// The workers of one gateway with sessions that only take notes, for the tests of downlink.
#pragma once

#include "gateway/downlink.h"
#include "support/byte_string.h"
#include "support/readable_error.h"
#include "support/scripted_random.h"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::test {

using backend::command;
using backend::command_kind;

constexpr std::size_t largest = 2048;
constexpr downlink::source telemetry{0, largest};
constexpr downlink::source alarms{1, largest};
constexpr std::uint8_t workers = 3;

class fake_session final : public live_session {
public:
    explicit fake_session(downlink::source const& owner) : owner_{owner.backend} {}

    result<> deliver(bytes message) override
    {
        if (refuses)
            return *refuses;
        got.push_back(copy_of(message));
        return {};
    }
    result<> deliver_last(bytes message, std::string_view status) override
    {
        outcome = status;
        return deliver(message);
    }
    void end(end_reason reason) override { ended = reason; }
    std::size_t backend() const override { return owner_; }
    session_row look() const override { return {}; }
    void wake() override {}
    void review(snapshot_change const&) override {}
    void clock_stepped() override {}

    std::vector<byte_string> got;
    std::string outcome;
    std::optional<end_reason> ended;
    std::optional<error> refuses;

private:
    std::size_t owner_;
};

struct sent_command {
    std::uint8_t worker = 0;
    forwarded_command what;
};

class fake_carrier final : public command_carrier {
public:
    void forward(std::uint8_t worker, forwarded_command&& what) override
    {
        sent.push_back({worker, std::move(what)});
    }
    void send_back(forwarded_command&& what) override { settled.push_back(std::move(what)); }

    std::deque<sent_command> sent;
    std::vector<forwarded_command> settled;  // from here
};

// A device whose home is `home`.
inline identity::device_id device_of(std::uint8_t home)
{
    for (std::uint8_t last = 0; last < 255; ++last) {
        std::array<std::uint8_t, 6> const mac{2, 0, 0, 0, 0, last};
        auto const id = identity::device_id::from_mac(mac);
        if (home_of(id, workers) == home)
            return id;
    }
    throw std::logic_error{"no device lives there"};
}

struct fake_worker {
    explicit fake_worker(std::uint8_t worker)
        : table{worker, 0, random}
        , flow{{worker, workers}, table, directory, post}
    {
    }

    scripted_random random;
    session_table table;
    device_directory directory;
    fake_carrier post;
    downlink flow;
};

// The workers of one gateway; commands travel when `deliver_commands` says so.
struct gateway {
    session_id open(
        std::uint8_t worker, fake_session& session, std::optional<identity::device_id> device = {}
    )
    {
        auto const id = at[worker].table.issue();
        at[worker].table.add(id, session);
        if (device)
            at[home_of(*device, workers)].directory.opened(
                {*device, 0, 0, 1, id}, session.backend()
            );
        return id;
    }

    // How many times a command changed workers.
    int deliver_commands()
    {
        int hops = 0;
        for (auto& from : at)
            for (; !from.post.sent.empty(); from.post.sent.pop_front()) {
                auto& next = from.post.sent.front();
                EXPECT_LT(next.worker, workers);
                at.at(next.worker).flow.take(std::move(next.what));
                if (++hops > 100)
                    throw std::logic_error{"a command does not arrive"};
            }
        for (auto const& from : at)
            if (!from.post.sent.empty())
                return hops + deliver_commands();
        return hops;
    }

    // All that was forwarded and could not be obeyed.
    std::vector<forwarded_command> failures() const
    {
        std::vector<forwarded_command> all;
        for (auto const& one : at)
            for (auto const& back : one.post.settled)
                if (back.failure)
                    all.push_back(back);
        return all;
    }

    std::array<fake_worker, workers> at{fake_worker{0}, fake_worker{1}, fake_worker{2}};
};

inline command data_for(session_id session, bytes payload)
{
    command made;
    made.session = session;
    made.payload = payload;
    return made;
}

inline command data_for(std::string_view device, bytes payload)
{
    command made;
    made.device = device;
    made.payload = payload;
    return made;
}

inline command close_of(session_id session)
{
    command made;
    made.kind = command_kind::close;
    made.session = session;
    return made;
}

inline command close_of(std::string_view device)
{
    command made;
    made.kind = command_kind::close;
    made.device = device;
    return made;
}

inline byte_string const on{'o', 'n'};
inline std::vector<byte_string> const only_on{on};

}  // namespace gatehouse::test
