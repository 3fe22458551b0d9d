#include "gateway/downlink.h"

#include "support/byte_string.h"
#include "support/readable_error.h"
#include "support/scripted_random.h"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace literals;
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
    void send(std::uint8_t worker, errand&& what) override { sent.push_back({worker, std::move(what)}); }
    void failed(errand&& what, error why) override { failures.push_back({std::move(what), why}); }

    std::deque<parcel> sent;
    std::vector<failure> failures;
};

// A device whose home is `home`.
identity::device_id device_of(std::uint8_t home)
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
    explicit desk(std::uint8_t worker) : table{worker, 0, random}, flow{{worker, workers}, table, directory, post} {}

    scripted_random random;
    session_table table;
    device_directory directory;
    fake_post post;
    downlink flow;
};

// The workers of one gateway; errands travel when `deliver_errands` says so.
struct house {
    session_id open(std::uint8_t worker, fake_session& session, std::optional<identity::device_id> device = {})
    {
        auto const id = at[worker].table.issue();
        at[worker].table.add(id, session);
        if (device)
            at[home_of(*device, workers)].directory.opened(*device, {id, session.backend()});
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

command data_for(session_id session, bytes payload)
{
    return {.kind = command_kind::data, .session = session, .device = {}, .sequence = 0, .payload = payload};
}

command data_for(std::string_view device, bytes payload)
{
    return {.kind = command_kind::data, .session = {}, .device = device, .sequence = 0, .payload = payload};
}

command close_of(session_id session)
{
    return {.kind = command_kind::close, .session = session, .device = {}, .sequence = 0, .payload = {}};
}

command close_of(std::string_view device)
{
    return {.kind = command_kind::close, .session = {}, .device = device, .sequence = 0, .payload = {}};
}

auto const on = "on"_bytes;
auto const only_on = std::vector<byte_string>{on};

TEST(downlink_by_session, data_reaches_a_local_session_at_once)
{
    house all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    EXPECT_TRUE(all.at[0].flow.obey(data_for(id, on), telemetry).has_value());
    EXPECT_EQ(session.got, only_on);
    EXPECT_TRUE(all.at[0].post.sent.empty());
}

TEST(downlink_by_session, close_ends_a_local_session_for_the_backends_sake)
{
    house all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    EXPECT_TRUE(all.at[0].flow.obey(close_of(id), telemetry).has_value());
    EXPECT_EQ(session.ended, end_reason::backend);
    EXPECT_TRUE(session.got.empty());
}

TEST(downlink_by_session, a_session_elsewhere_is_reached_by_one_errand)
{
    house all;
    fake_session session{telemetry};
    auto const id = all.open(2, session);
    EXPECT_TRUE(all.at[0].flow.obey(data_for(id, on), telemetry).has_value());
    EXPECT_TRUE(session.got.empty());
    EXPECT_EQ(all.deliver_errands(), 1);
    EXPECT_EQ(session.got, only_on);
    EXPECT_TRUE(all.failures().empty());
}

TEST(downlink_by_session, an_errand_says_where_it_comes_from_and_whose_it_is)
{
    house all;
    fake_session session{alarms};
    auto const id = all.open(2, session);
    EXPECT_TRUE(all.at[1].flow.obey(close_of(id), alarms).has_value());
    ASSERT_EQ(all.at[1].post.sent.size(), 1U);
    auto const& sent = all.at[1].post.sent.front();
    EXPECT_EQ(sent.worker, 2);
    EXPECT_EQ(sent.what.kind, command_kind::close);
    EXPECT_EQ(sent.what.origin, 1);
    EXPECT_EQ(sent.what.backend, alarms);
    EXPECT_EQ(sent.what.session, id);
}

// A command points into a read buffer.
TEST(downlink_by_session, an_errand_owns_what_it_carries)
{
    house all;
    fake_session session{telemetry};
    auto const id = all.open(1, session);
    auto payload = on;
    EXPECT_TRUE(all.at[0].flow.obey(data_for(id, payload), telemetry).has_value());
    payload.assign(payload.size(), 0);
    all.deliver_errands();
    EXPECT_EQ(session.got, only_on);
}

TEST(downlink_by_session, a_stale_local_id_is_an_error_at_once)
{
    house all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    all.at[0].table.remove(id);
    EXPECT_EQ(all.at[0].flow.obey(data_for(id, on), telemetry), error::backend_unknown_session);
    EXPECT_EQ(all.at[0].flow.obey(close_of(id), telemetry), error::backend_unknown_session);
}

TEST(downlink_by_session, a_stale_id_elsewhere_fails_back_to_its_origin)
{
    house all;
    fake_session session{telemetry};
    auto const id = all.open(2, session);
    all.at[2].table.remove(id);
    EXPECT_TRUE(all.at[1].flow.obey(data_for(id, on), telemetry).has_value());
    all.deliver_errands();
    ASSERT_EQ(all.at[2].post.failures.size(), 1U);
    auto const& failed = all.at[2].post.failures.front();
    EXPECT_EQ(failed.why, error::backend_unknown_session);
    EXPECT_EQ(failed.what.origin, 1);
    EXPECT_EQ(failed.what.backend, telemetry);
    EXPECT_EQ(failed.what.session, id);
}

TEST(downlink_by_session, an_id_of_no_worker_is_an_error_at_once)
{
    house all;
    for (unsigned worker = workers; worker < 256; ++worker) {
        auto const id = session_id::make(static_cast<std::uint8_t>(worker), 0, 1);
        EXPECT_EQ(all.at[0].flow.obey(data_for(id, on), telemetry), error::backend_unknown_session);
    }
    EXPECT_TRUE(all.at[0].post.sent.empty());
}

TEST(downlink_by_session, an_id_of_another_node_is_unknown)
{
    house all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    session_id const elsewhere{id.value() | std::uint64_t{7} << 40};
    EXPECT_EQ(all.at[0].flow.obey(data_for(elsewhere, on), telemetry), error::backend_unknown_session);
    EXPECT_TRUE(session.got.empty());
}

TEST(downlink_by_session, another_backends_local_session_is_unknown)
{
    house all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    EXPECT_EQ(all.at[0].flow.obey(data_for(id, on), alarms), error::backend_unknown_session);
    EXPECT_EQ(all.at[0].flow.obey(close_of(id), alarms), error::backend_unknown_session);
    EXPECT_TRUE(session.got.empty());
    EXPECT_FALSE(session.ended);
}

TEST(downlink_by_session, another_backends_session_elsewhere_is_unknown)
{
    house all;
    fake_session session{telemetry};
    auto const id = all.open(1, session);
    EXPECT_TRUE(all.at[0].flow.obey(close_of(id), alarms).has_value());
    all.deliver_errands();
    ASSERT_EQ(all.failures().size(), 1U);
    EXPECT_EQ(all.failures().front().why, error::backend_unknown_session);
    EXPECT_FALSE(session.ended);
}

TEST(downlink_by_session, what_a_local_session_refuses_is_an_error_at_once)
{
    house all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    for (auto const why : {error::limit_message_size, error::limit_downlink_backlog, error::internal_closed}) {
        session.refuses = why;
        EXPECT_EQ(all.at[0].flow.obey(data_for(id, on), telemetry), why);
    }
    EXPECT_TRUE(all.failures().empty());
}

TEST(downlink_by_session, what_a_session_elsewhere_refuses_fails_back_to_its_origin)
{
    house all;
    fake_session session{telemetry};
    auto const id = all.open(2, session);
    session.refuses = error::limit_message_size;
    EXPECT_TRUE(all.at[0].flow.obey(data_for(id, on), telemetry).has_value());
    all.deliver_errands();
    ASSERT_EQ(all.failures().size(), 1U);
    EXPECT_EQ(all.failures().front().why, error::limit_message_size);
    EXPECT_EQ(all.failures().front().what.origin, 0);
}

TEST(downlink_by_device, every_route_arrives_once_with_no_detour)
{
    for (std::uint8_t origin = 0; origin < workers; ++origin)
        for (std::uint8_t home = 0; home < workers; ++home)
            for (std::uint8_t owner = 0; owner < workers; ++owner) {
                SCOPED_TRACE(testing::Message() << "from " << +origin << " by " << +home << " to " << +owner);
                house all;
                fake_session session{telemetry};
                auto const device = device_of(home);
                all.open(owner, session, device);
                auto const name = device.text();
                EXPECT_TRUE(all.at[origin].flow.obey(data_for(name, on), telemetry).has_value());
                auto const hops = all.deliver_errands();
                EXPECT_EQ(session.got, only_on);
                EXPECT_EQ(hops, (origin != home ? 1 : 0) + (home != owner ? 1 : 0));
                EXPECT_TRUE(all.at[origin].flow.obey(close_of(name), telemetry).has_value());
                all.deliver_errands();
                EXPECT_EQ(session.ended, end_reason::backend);
                EXPECT_TRUE(all.failures().empty());
            }
}

TEST(downlink_by_device, either_case_names_the_device)
{
    house all;
    fake_session session{telemetry};
    auto const device = identity::device_id::parse_mac("02:00:00:00:ab:cd");
    all.open(0, session, device);
    EXPECT_TRUE(all.at[0].flow.obey(data_for("02:00:00:00:AB:CD", on), telemetry).has_value());
    all.deliver_errands();
    EXPECT_EQ(session.got, only_on);
}

TEST(downlink_by_device, the_newest_session_is_meant)
{
    house all;
    fake_session older{telemetry};
    fake_session newer{telemetry};
    auto const device = device_of(1);
    all.open(0, older, device);
    all.open(2, newer, device);
    EXPECT_TRUE(all.at[0].flow.obey(data_for(device.text(), on), telemetry).has_value());
    all.deliver_errands();
    EXPECT_TRUE(older.got.empty());
    EXPECT_EQ(newer.got, only_on);
}

TEST(downlink_by_device, the_backends_own_session_is_meant_though_another_is_newer)
{
    house all;
    fake_session own{telemetry};
    fake_session foreign{alarms};
    auto const device = device_of(1);
    all.open(0, own, device);
    all.open(0, foreign, device);
    EXPECT_TRUE(all.at[2].flow.obey(data_for(device.text(), on), telemetry).has_value());
    all.deliver_errands();
    EXPECT_EQ(own.got, only_on);
    EXPECT_TRUE(foreign.got.empty());
}

TEST(downlink_by_device, an_unknown_device_is_an_error_at_once_when_its_home_is_here)
{
    house all;
    EXPECT_EQ(all.at[1].flow.obey(data_for(device_of(1).text(), on), telemetry), error::backend_unknown_device);
    EXPECT_TRUE(all.at[1].post.sent.empty());
}

TEST(downlink_by_device, an_unknown_device_fails_back_to_its_origin_from_its_home)
{
    house all;
    auto const device = device_of(2);
    EXPECT_TRUE(all.at[1].flow.obey(data_for(device.text(), on), alarms).has_value());
    all.deliver_errands();
    ASSERT_EQ(all.at[2].post.failures.size(), 1U);
    auto const& failed = all.at[2].post.failures.front();
    EXPECT_EQ(failed.why, error::backend_unknown_device);
    EXPECT_EQ(failed.what.origin, 1);
    EXPECT_EQ(failed.what.backend, alarms);
    EXPECT_EQ(failed.what.device, device);
}

TEST(downlink_by_device, a_device_of_another_backend_is_unknown)
{
    house all;
    fake_session session{telemetry};
    auto const device = device_of(1);
    all.open(1, session, device);
    EXPECT_EQ(all.at[1].flow.obey(close_of(device.text()), alarms), error::backend_unknown_device);
    EXPECT_TRUE(all.at[0].flow.obey(close_of(device.text()), alarms).has_value());
    all.deliver_errands();
    ASSERT_EQ(all.failures().size(), 1U);
    EXPECT_EQ(all.failures().front().why, error::backend_unknown_device);
    EXPECT_FALSE(session.ended);
}

TEST(downlink_by_device, a_name_that_is_no_device_id_is_unknown)
{
    house all;
    for (auto const* name : {"boiler-17", "02:00:00:00:00", "02:00:00:00:00:01 ", "02-00-00-00-00-01", "?", ""})
        EXPECT_EQ(all.at[0].flow.obey(data_for(name, on), telemetry), error::backend_unknown_device) << name;
}

// The home heard of the session, but it ended before the errand came.
TEST(downlink_by_device, a_session_that_ended_on_the_way_fails_back_to_the_origin)
{
    house all;
    fake_session session{telemetry};
    auto const device = device_of(1);
    auto const id = all.open(2, session, device);
    EXPECT_TRUE(all.at[0].flow.obey(data_for(device.text(), on), telemetry).has_value());
    all.at[2].table.remove(id);
    all.deliver_errands();
    ASSERT_EQ(all.failures().size(), 1U);
    EXPECT_EQ(all.failures().front().why, error::backend_unknown_session);
    EXPECT_EQ(all.failures().front().what.origin, 0);
    EXPECT_EQ(all.failures().front().what.device, device);
}

TEST(downlink_by_device, an_errand_owns_what_it_carries_through_both_hops)
{
    house all;
    fake_session session{telemetry};
    auto const device = device_of(1);
    all.open(2, session, device);
    auto payload = on;
    auto name = device.text();
    EXPECT_TRUE(all.at[0].flow.obey(data_for(name, payload), telemetry).has_value());
    payload.assign(payload.size(), 0);
    name.assign(name.size(), '?');
    EXPECT_EQ(all.deliver_errands(), 2);
    EXPECT_EQ(session.got, only_on);
}

TEST(downlink, a_session_may_be_gone_once_it_was_ended)
{
    // The real one may remove itself from the table while it ends.
    class leaving_session final : public live_session {
    public:
        explicit leaving_session(session_table& table) : table_{table} {}
        result<> deliver(bytes) override { return {}; }
        void end(end_reason) override
        {
            table_.remove(session_id{1});
            mine_.reset();
        }
        std::size_t backend() const override { return telemetry; }
        static void make(session_table& table)
        {
            auto made = std::make_unique<leaving_session>(table);
            auto& session = *made;
            session.mine_ = std::move(made);
            table.add(session_id{1}, session);
        }

    private:
        session_table& table_;
        std::unique_ptr<leaving_session> mine_;
    };
    house all;
    leaving_session::make(all.at[0].table);
    EXPECT_TRUE(all.at[0].flow.obey(close_of(session_id{1}), telemetry).has_value());
    EXPECT_EQ(all.at[0].table.size(), 0U);
}

}  // namespace
}  // namespace gatehouse::test
