// lib/gateway/downlink.cpp: commands that name a device.
#include "unit/gateway/fake_workers.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

TEST(downlink_by_device, every_route_arrives_once_and_directly)
{
    for (std::uint8_t origin = 0; origin < workers; ++origin)
        for (std::uint8_t home = 0; home < workers; ++home)
            for (std::uint8_t owner = 0; owner < workers; ++owner) {
                SCOPED_TRACE(
                    testing::Message() << "from " << +origin << " by " << +home << " to " << +owner
                );
                gateway all;
                fake_session session{telemetry};
                auto const device = device_of(home);
                all.open(owner, session, device);
                auto const name = device.text();
                EXPECT_TRUE(all.at[origin].flow.execute(data_for(name, on), telemetry).has_value());
                auto const hops = all.deliver_commands();
                EXPECT_EQ(session.got, only_on);
                EXPECT_EQ(hops, (origin != home ? 1 : 0) + (home != owner ? 1 : 0));
                EXPECT_TRUE(all.at[origin].flow.execute(close_of(name), telemetry).has_value());
                all.deliver_commands();
                EXPECT_EQ(session.ended, end_reason::backend);
                EXPECT_TRUE(all.failures().empty());
            }
}

TEST(downlink_by_device, either_case_names_the_device)
{
    gateway all;
    fake_session session{telemetry};
    auto const device = identity::device_id::parse_mac("02:00:00:00:ab:cd");
    all.open(0, session, device);
    EXPECT_TRUE(all.at[0].flow.execute(data_for("02:00:00:00:AB:CD", on), telemetry).has_value());
    all.deliver_commands();
    EXPECT_EQ(session.got, only_on);
}

TEST(downlink_by_device, a_device_has_a_name_of_any_length)
{
    for (std::string const name : {"meter-4", "a-meter-that-has-a-very-long-name"}) {
        gateway all;
        fake_session session{telemetry};
        all.open(0, session, identity::device_id::from_name(name));
        EXPECT_TRUE(all.at[0].flow.execute(data_for(name, on), telemetry).has_value());
        all.deliver_commands();
        EXPECT_EQ(session.got, only_on) << name;
    }
}

TEST(downlink_by_device, the_newest_session_is_meant)
{
    gateway all;
    fake_session older{telemetry};
    fake_session newer{telemetry};
    auto const device = device_of(1);
    all.open(0, older, device);
    all.open(2, newer, device);
    EXPECT_TRUE(all.at[0].flow.execute(data_for(device.text(), on), telemetry).has_value());
    all.deliver_commands();
    EXPECT_TRUE(older.got.empty());
    EXPECT_EQ(newer.got, only_on);
}

TEST(downlink_by_device, the_backends_own_session_is_meant_though_another_is_newer)
{
    gateway all;
    fake_session own{telemetry};
    fake_session foreign{alarms};
    auto const device = device_of(1);
    all.open(0, own, device);
    all.open(0, foreign, device);
    EXPECT_TRUE(all.at[2].flow.execute(data_for(device.text(), on), telemetry).has_value());
    all.deliver_commands();
    EXPECT_EQ(own.got, only_on);
    EXPECT_TRUE(foreign.got.empty());
}

TEST(downlink_by_device, an_unknown_device_is_an_error_at_once_when_its_home_is_here)
{
    gateway all;
    EXPECT_EQ(
        all.at[1].flow.execute(data_for(device_of(1).text(), on), telemetry),
        error::backend_unknown_device
    );
    EXPECT_TRUE(all.at[1].post.sent.empty());
}

TEST(downlink_by_device, an_unknown_device_fails_back_to_its_origin_from_its_home)
{
    gateway all;
    auto const device = device_of(2);
    EXPECT_TRUE(all.at[1].flow.execute(data_for(device.text(), on), alarms).has_value());
    all.deliver_commands();
    ASSERT_EQ(all.at[2].post.settled.size(), 1U);
    auto const& failed = all.at[2].post.settled.front();
    EXPECT_EQ(failed.failure, error::backend_unknown_device);
    EXPECT_EQ(failed.origin, 1);
    EXPECT_EQ(failed.backend, alarms.backend);
    EXPECT_EQ(failed.device, device);
}

TEST(downlink_by_device, a_device_of_another_backend_is_unknown)
{
    gateway all;
    fake_session session{telemetry};
    auto const device = device_of(1);
    all.open(1, session, device);
    EXPECT_EQ(
        all.at[1].flow.execute(close_of(device.text()), alarms), error::backend_unknown_device
    );
    EXPECT_TRUE(all.at[0].flow.execute(close_of(device.text()), alarms).has_value());
    all.deliver_commands();
    ASSERT_EQ(all.failures().size(), 1U);
    EXPECT_EQ(all.failures().front().failure, error::backend_unknown_device);
    EXPECT_FALSE(session.ended);
}

TEST(downlink_by_device, a_text_that_is_no_device_is_unknown_at_once)
{
    gateway all;
    for (auto const* name :
         {"02:00:00:00:00:01 ", "boiler 17", "a/b", "a-name-that-no-credential-file-has", ""})
        EXPECT_EQ(
            all.at[0].flow.execute(data_for(name, on), telemetry), error::backend_unknown_device
        ) << name;
}

TEST(downlink_by_device, a_name_that_no_device_has_is_unknown)
{
    for (auto const* name : {"boiler-17", "02:00:00:00:00", "02-00-00-00-00-01", "?"}) {
        gateway all;
        auto const executed = all.at[0].flow.execute(data_for(name, on), telemetry);
        all.deliver_commands();
        auto const failures = all.failures();
        auto const said =
            executed && !failures.empty() ? failures.front().failure : executed.error();
        EXPECT_EQ(said, error::backend_unknown_device) << name;
    }
}

// The home heard of the session, but it ended before the command came.
TEST(downlink_by_device, a_session_that_ended_on_the_way_fails_back_to_the_origin)
{
    gateway all;
    fake_session session{telemetry};
    auto const device = device_of(1);
    auto const id = all.open(2, session, device);
    EXPECT_TRUE(all.at[0].flow.execute(data_for(device.text(), on), telemetry).has_value());
    all.at[2].table.remove(id);
    all.deliver_commands();
    ASSERT_EQ(all.failures().size(), 1U);
    EXPECT_EQ(all.failures().front().failure, error::backend_unknown_session);
    EXPECT_EQ(all.failures().front().origin, 0);
    EXPECT_EQ(all.failures().front().device, device);
}

TEST(downlink_by_device, what_no_session_can_take_is_not_copied)
{
    gateway all;
    fake_session session{telemetry};
    auto const device = device_of(1);
    all.open(2, session, device);
    for (std::size_t origin : {0U, 1U})
        EXPECT_EQ(
            all.at.at(origin).flow.execute(
                data_for(device.text(), byte_string(largest + 1)), telemetry
            ),
            error::limit_message_size
        );
    EXPECT_TRUE(all.at[0].post.sent.empty() && all.at[1].post.sent.empty());
}

TEST(downlink_by_device, a_command_comes_back_once_with_the_cost_it_left_with)
{
    gateway all;
    fake_session session{telemetry};
    auto const device = device_of(1);
    all.open(2, session, device);
    auto const cost = all.at[0].flow.execute(data_for(device.text(), on), telemetry).value();
    all.deliver_commands();
    EXPECT_TRUE(all.at[1].post.settled.empty());
    ASSERT_EQ(all.at[2].post.settled.size(), 1U);
    EXPECT_EQ(all.at[2].post.settled.front().cost(), cost);
    EXPECT_EQ(all.at[2].post.settled.front().origin, 0);
}

TEST(downlink_by_device, a_forwarded_command_owns_what_it_carries_through_both_hops)
{
    gateway all;
    fake_session session{telemetry};
    auto const device = device_of(1);
    all.open(2, session, device);
    auto payload = on;
    auto name = device.text();
    EXPECT_TRUE(all.at[0].flow.execute(data_for(name, payload), telemetry).has_value());
    payload.assign(payload.size(), 0);
    name.assign(name.size(), '?');
    EXPECT_EQ(all.deliver_commands(), 2);
    EXPECT_EQ(session.got, only_on);
}

}  // namespace
}  // namespace gatehouse::test
