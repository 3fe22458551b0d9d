// lib/gateway/downlink.cpp: commands that name a session.
#include "unit/gateway/fake_workers.h"

#include <gtest/gtest.h>

#include <memory>

namespace gatehouse::test {
namespace {

TEST(downlink_by_session, data_reaches_a_local_session_at_once)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    EXPECT_TRUE(all.at[0].flow.execute(data_for(id, on), telemetry).has_value());
    EXPECT_EQ(session.got, only_on);
    EXPECT_TRUE(all.at[0].post.sent.empty());
}

TEST(downlink_by_session, close_ends_a_local_session_for_the_backends_sake)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    EXPECT_TRUE(all.at[0].flow.execute(close_of(id), telemetry).has_value());
    EXPECT_EQ(session.ended, end_reason::backend);
    EXPECT_TRUE(session.got.empty());
}

TEST(downlink_by_session, a_session_elsewhere_is_reached_by_one_forwarded_command)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(2, session);
    EXPECT_TRUE(all.at[0].flow.execute(data_for(id, on), telemetry).has_value());
    EXPECT_TRUE(session.got.empty());
    EXPECT_EQ(all.deliver_commands(), 1);
    EXPECT_EQ(session.got, only_on);
    EXPECT_TRUE(all.failures().empty());
}

TEST(downlink_by_session, a_forwarded_command_says_where_it_comes_from_and_whose_it_is)
{
    gateway all;
    fake_session session{alarms};
    auto const id = all.open(2, session);
    EXPECT_TRUE(all.at[1].flow.execute(close_of(id), alarms).has_value());
    ASSERT_EQ(all.at[1].post.sent.size(), 1U);
    auto const& sent = all.at[1].post.sent.front();
    EXPECT_EQ(sent.worker, 2);
    EXPECT_EQ(sent.what.kind, command_kind::close);
    EXPECT_EQ(sent.what.origin, 1);
    EXPECT_EQ(sent.what.backend, alarms.backend);
    EXPECT_EQ(sent.what.session, id);
}

TEST(downlink_by_session, an_outcome_travels_with_its_message)
{
    for (auto const worker : {std::uint8_t{0}, std::uint8_t{2}}) {
        gateway all;
        fake_session session{telemetry};
        auto const id = all.open(worker, session);
        std::string text = "DONE";
        auto command = data_for(id, on);
        command.status = text;
        EXPECT_TRUE(all.at[0].flow.execute(command, telemetry).has_value());
        text = "????";
        all.deliver_commands();
        EXPECT_EQ(session.outcome, "DONE");
        EXPECT_EQ(session.got, only_on);
        EXPECT_TRUE(all.at[0].flow.execute(data_for(id, on), telemetry).has_value());
        all.deliver_commands();
        EXPECT_EQ(session.outcome, "DONE") << "a message without one is no last one";
        EXPECT_EQ(session.got.size(), 2U);
    }
}

TEST(downlink_by_session, an_outcome_for_another_worker_is_bounded)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(2, session);
    std::string const text(largest + 1, 'x');
    auto command = data_for(id, {});
    command.status = text;
    auto const done = all.at[0].flow.execute(command, telemetry);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error(), error::limit_message_size);
}

// A command points into a read buffer.
TEST(downlink_by_session, a_forwarded_command_owns_what_it_carries)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(1, session);
    auto payload = on;
    EXPECT_TRUE(all.at[0].flow.execute(data_for(id, payload), telemetry).has_value());
    payload.assign(payload.size(), 0);
    all.deliver_commands();
    EXPECT_EQ(session.got, only_on);
}

TEST(downlink_by_session, what_is_executed_here_counts_nothing_and_what_is_forwarded_its_cost)
{
    gateway all;
    fake_session near{telemetry};
    fake_session far{telemetry};
    auto const here = all.open(0, near);
    auto const there = all.open(1, far);
    EXPECT_EQ(all.at[0].flow.execute(data_for(here, on), telemetry).value(), 0U);
    auto const cost = all.at[0].flow.execute(data_for(there, on), telemetry).value();
    all.deliver_commands();
    ASSERT_EQ(all.at[1].post.settled.size(), 1U);
    auto const& back = all.at[1].post.settled.front();
    EXPECT_EQ(back.cost(), cost);
    EXPECT_GT(cost, on.size());
    EXPECT_TRUE(back.settled);
    EXPECT_EQ(back.origin, 0);
    EXPECT_FALSE(back.failure);
}

TEST(downlink_by_session, what_no_session_can_take_is_not_copied)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(1, session);
    EXPECT_TRUE(all.at[0].flow.execute(data_for(id, byte_string(largest)), telemetry).has_value());
    EXPECT_EQ(
        all.at[0].flow.execute(data_for(id, byte_string(largest + 1)), telemetry),
        error::limit_message_size
    );
    EXPECT_EQ(all.at[0].post.sent.size(), 1U);
}

TEST(downlink_by_session, a_failed_command_brings_its_ref_back)
{
    gateway all;
    auto command = data_for(session_id::make(1, 0, 7), on);
    command.ref = "order 17";
    EXPECT_TRUE(all.at[0].flow.execute(command, telemetry).has_value());
    all.deliver_commands();
    ASSERT_EQ(all.failures().size(), 1U);
    EXPECT_EQ(all.failures().front().ref, "order 17");
}

TEST(downlink_by_session, memory_that_is_used_again_carries_nothing_over)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(1, session);
    byte_string const long_message(500);
    auto first = data_for(session_id::make(1, 0, 7), long_message);
    first.ref = "the first";
    EXPECT_TRUE(all.at[0].flow.execute(first, alarms).has_value());
    all.deliver_commands();
    all.at[0].flow.recycle(std::move(all.at[1].post.settled.front()));
    EXPECT_TRUE(all.at[0].flow.execute(data_for(id, on), telemetry).has_value());
    ASSERT_EQ(all.at[0].post.sent.size(), 1U);
    auto const& second = all.at[0].post.sent.front().what;
    EXPECT_FALSE(second.settled);
    EXPECT_FALSE(second.failure);
    EXPECT_EQ(second.ref, "");
    EXPECT_EQ(second.device, identity::device_id{});
    all.deliver_commands();
    EXPECT_EQ(session.got, only_on);
}

TEST(downlink_by_session, a_stale_local_id_is_an_error_at_once)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    all.at[0].table.remove(id);
    EXPECT_EQ(all.at[0].flow.execute(data_for(id, on), telemetry), error::backend_unknown_session);
    EXPECT_EQ(all.at[0].flow.execute(close_of(id), telemetry), error::backend_unknown_session);
}

TEST(downlink_by_session, a_stale_id_elsewhere_fails_back_to_its_origin)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(2, session);
    all.at[2].table.remove(id);
    EXPECT_TRUE(all.at[1].flow.execute(data_for(id, on), telemetry).has_value());
    all.deliver_commands();
    ASSERT_EQ(all.at[2].post.settled.size(), 1U);
    auto const& failed = all.at[2].post.settled.front();
    EXPECT_EQ(failed.failure, error::backend_unknown_session);
    EXPECT_EQ(failed.origin, 1);
    EXPECT_EQ(failed.backend, telemetry.backend);
    EXPECT_EQ(failed.session, id);
}

TEST(downlink_by_session, an_id_of_no_worker_is_an_error_at_once)
{
    gateway all;
    for (unsigned worker = workers; worker < 256; ++worker) {
        auto const id = session_id::make(static_cast<std::uint8_t>(worker), 0, 1);
        EXPECT_EQ(
            all.at[0].flow.execute(data_for(id, on), telemetry), error::backend_unknown_session
        );
    }
    EXPECT_TRUE(all.at[0].post.sent.empty());
}

TEST(downlink_by_session, an_id_of_another_node_is_unknown)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    session_id const elsewhere{id.value() | std::uint64_t{7} << 40};
    EXPECT_EQ(
        all.at[0].flow.execute(data_for(elsewhere, on), telemetry), error::backend_unknown_session
    );
    EXPECT_TRUE(session.got.empty());
}

TEST(downlink_by_session, another_backends_local_session_is_unknown)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    EXPECT_EQ(all.at[0].flow.execute(data_for(id, on), alarms), error::backend_unknown_session);
    EXPECT_EQ(all.at[0].flow.execute(close_of(id), alarms), error::backend_unknown_session);
    EXPECT_TRUE(session.got.empty());
    EXPECT_FALSE(session.ended);
}

TEST(downlink_by_session, another_backends_session_elsewhere_is_unknown)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(1, session);
    EXPECT_TRUE(all.at[0].flow.execute(close_of(id), alarms).has_value());
    all.deliver_commands();
    ASSERT_EQ(all.failures().size(), 1U);
    EXPECT_EQ(all.failures().front().failure, error::backend_unknown_session);
    EXPECT_FALSE(session.ended);
}

TEST(downlink_by_session, what_a_local_session_refuses_is_an_error_at_once)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(0, session);
    for (auto const why :
         {error::limit_message_size, error::limit_downlink_backlog, error::internal_closed}) {
        session.refuses = why;
        EXPECT_EQ(all.at[0].flow.execute(data_for(id, on), telemetry), why);
    }
    EXPECT_TRUE(all.failures().empty());
}

TEST(downlink_by_session, what_a_session_elsewhere_refuses_fails_back_to_its_origin)
{
    gateway all;
    fake_session session{telemetry};
    auto const id = all.open(2, session);
    session.refuses = error::limit_message_size;
    EXPECT_TRUE(all.at[0].flow.execute(data_for(id, on), telemetry).has_value());
    all.deliver_commands();
    ASSERT_EQ(all.failures().size(), 1U);
    EXPECT_EQ(all.failures().front().failure, error::limit_message_size);
    EXPECT_EQ(all.failures().front().origin, 0);
}

TEST(downlink_by_session, a_session_may_be_gone_once_it_was_ended)
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
        std::size_t backend() const override { return telemetry.backend; }
        session_row look() const override { return {}; }
        void wake() override {}
        void review(snapshot_change const&) override {}
        void clock_stepped() override {}
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
    gateway all;
    leaving_session::make(all.at[0].table);
    EXPECT_TRUE(all.at[0].flow.execute(close_of(session_id{1}), telemetry).has_value());
    EXPECT_EQ(all.at[0].table.size(), 0U);
}

}  // namespace
}  // namespace gatehouse::test
