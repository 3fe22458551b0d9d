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

constexpr std::size_t telemetry = 0;
constexpr std::size_t alarms = 1;
constexpr std::uint8_t workers = 3;

class fake_session final : public live_session {
public:
    explicit fake_session(std::size_t owner) : owner_{owner} {}

    result<> deliver(bytes message) override
    {
        if (refuses)
            return *refuses;
        got.push_back(copy_of(message));
        return {};
    }
    void end(end_reason reason) override { ended = reason; }
    std::size_t backend() const override { return owner_; }
    session_row look() const override { return {}; }
    void review(house_change const&) override {}
    void clock_stepped() override {}

    std::vector<byte_string> got;
    std::optional<end_reason> ended;
    std::optional<error> refuses;

private:
    std::size_t owner_;
};

struct parcel {
    std::uint8_t worker = 0;
    errand what;
};

struct failure {
    errand what;
    error why = error::internal_closed;
};

class fake_post final : public errand_post {
public:
    void send(std::uint8_t worker, errand&& what) override
    {
        sent.push_back({worker, std::move(what)});
    }
    void failed(errand&& what, error why) override { failures.push_back({std::move(what), why}); }

    std::deque<parcel> sent;
    std::vector<failure> failures;
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

struct desk {
    explicit desk(std::uint8_t worker)
        : table{worker, 0, random}
        , flow{{worker, workers}, table, directory, post}
    {
    }

    scripted_random random;
    session_table table;
    device_directory directory;
    fake_post post;
    downlink flow;
};

// The workers of one gateway; errands travel when `deliver_errands` says so.
struct house {
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

    // How many times an errand changed workers.
    int deliver_errands()
    {
        int hops = 0;
        for (auto& from : at)
            for (; !from.post.sent.empty(); from.post.sent.pop_front()) {
                auto& next = from.post.sent.front();
                EXPECT_LT(next.worker, workers);
                at.at(next.worker).flow.take(std::move(next.what));
                if (++hops > 100)
                    throw std::logic_error{"an errand does not arrive"};
            }
        for (auto const& from : at)
            if (!from.post.sent.empty())
                return hops + deliver_errands();
        return hops;
    }

    std::vector<failure> failures() const
    {
        std::vector<failure> all;
        for (auto const& one : at)
            all.insert(all.end(), one.post.failures.begin(), one.post.failures.end());
        return all;
    }

    std::array<desk, workers> at{desk{0}, desk{1}, desk{2}};
};

inline command data_for(session_id session, bytes payload)
{
    return {
        .kind = command_kind::data,
        .session = session,
        .device = {},
        .sequence = 0,
        .payload = payload};
}

inline command data_for(std::string_view device, bytes payload)
{
    return {
        .kind = command_kind::data,
        .session = {},
        .device = device,
        .sequence = 0,
        .payload = payload};
}

inline command close_of(session_id session)
{
    return {
        .kind = command_kind::close,
        .session = session,
        .device = {},
        .sequence = 0,
        .payload = {}};
}

inline command close_of(std::string_view device)
{
    return {
        .kind = command_kind::close, .session = {}, .device = device, .sequence = 0, .payload = {}};
}

inline byte_string const on{'o', 'n'};
inline std::vector<byte_string> const only_on{on};

}  // namespace gatehouse::test
