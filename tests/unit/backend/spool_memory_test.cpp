// lib/backend/spool.cpp: what it holds is bounded by what waits.
#include "backend/spool.h"
#include "unit/backend/answer.h"
#include "unit/backend/live_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>

namespace gatehouse::test {
namespace {

using backend::delivery;

constexpr std::size_t mebibyte = std::size_t{1} << 20;

// What one session's messages take. Declared before the spool, so that only the spool is measured.
struct stage {
    explicit stage(delivery rule) : records{*format, rule} {}

    void data(std::uint64_t session, std::uint64_t sequence)
    {
        records.add(backend::data_record{
            .session = session_id{session},
            .device = "02:00:00:00:00:01",
            .sequence = sequence,
            .payload = payload});
    }
    void write() { records.written(records.unsent().size()); }
    std::size_t held() const { return live_memory() - before; }

    std::unique_ptr<backend::codec> format = backend::make_binary_codec();
    byte_string payload = byte_string(1'000, 'x');
    std::size_t before = live_memory();
    backend::spool records;
};

TEST(spool_memory, the_tests_see_memory)
{
    auto const before = live_memory();
    byte_string const some(mebibyte);
    EXPECT_GE(live_memory() - before, some.size());
}

TEST(spool_memory, a_backlog_costs_little_more_than_its_bytes)
{
    for (auto const rule : {delivery::when_written, delivery::when_acknowledged}) {
        stage on{rule};
        for (std::uint64_t sequence = 1; sequence <= 10'000; ++sequence) {
            on.data(1 + sequence % 100, sequence);
            ASSERT_LE(on.held(), 3 * on.records.waiting() + mebibyte);
        }
    }
}

TEST(spool_memory, a_stream_that_flows_holds_nothing)
{
    for (auto const rule : {delivery::when_written, delivery::when_acknowledged}) {
        stage on{rule};
        for (std::uint64_t sequence = 1; sequence <= 20'000; ++sequence) {
            on.data(1, sequence);
            on.write();
            on.records.acknowledge(session_id{1}, sequence);
        }
        EXPECT_LT(on.held(), mebibyte);
    }
}

TEST(spool_memory, a_slow_reader_costs_no_more_than_what_waits)
{
    stage on{delivery::when_written};
    for (std::uint64_t sequence = 1; sequence <= 20'000; ++sequence) {
        on.data(1, sequence);
        on.records.written(std::min<std::size_t>(on.records.unsent().size() - 1, 1'100));
        ASSERT_LE(on.held(), 4 * on.records.waiting() + mebibyte);
    }
}

// One session whose message is never acknowledged does not keep what others delivered behind it.
TEST(spool_memory, a_straggler_does_not_keep_what_was_delivered_behind_it)
{
    stage on{delivery::when_acknowledged};
    on.data(9, 1);
    for (std::uint64_t sequence = 1; sequence <= 20'000; ++sequence) {
        on.data(1, sequence);
        on.write();
        on.records.acknowledge(session_id{1}, sequence);
        ASSERT_LE(on.held(), 4 * on.records.waiting() + mebibyte);
    }
    EXPECT_EQ(on.records.messages_waiting(), 1U);
}

// A backend that acknowledges nothing and sends nonsense: each answer was written and counts no
// more.
TEST(spool_memory, complaints_behind_a_straggler_are_not_kept)
{
    stage on{delivery::when_acknowledged};
    on.data(9, 1);
    for (int i = 0; i < 50'000; ++i) {
        on.records.add(backend::error_record{"unknown session", session_id{7}, {}});
        on.write();
        ASSERT_LE(on.held(), 4 * on.records.waiting() + mebibyte) << "after " << i << " complaints";
    }
}

// They are kept for a lost connection although they wait no more, but not all that ever were.
TEST(spool_memory, opens_and_closes_are_kept_up_to_a_bound)
{
    for (auto const straggler : {false, true}) {
        SCOPED_TRACE(straggler ? "behind a message that is not acknowledged" : "alone");
        stage on{delivery::when_acknowledged};
        if (straggler)
            on.data(9, 1);
        for (std::uint64_t session = 1; session <= 400'000; ++session) {
            on.records.add(backend::close_record{session_id{session}, "02:00:00:00:00:01", "bye"});
            on.write();
            ASSERT_LE(on.held(), 8 * mebibyte) << "after " << session << " records";
        }
        EXPECT_LE(on.records.waiting(), 2'000U);
    }
}

TEST(spool_memory, the_memory_of_a_backlog_is_given_back_when_the_spool_runs_empty)
{
    for (auto const rule : {delivery::when_written, delivery::when_acknowledged}) {
        stage on{rule};
        on.payload.clear();
        for (std::uint64_t sequence = 1; sequence <= 200'000; ++sequence)
            on.data(1 + sequence % 1'000, sequence);
        on.write();
        for (std::uint64_t session = 1; session <= 1'000; ++session)
            on.records.acknowledge(session_id{session}, 200'000);
        ASSERT_TRUE(on.records.empty());
        EXPECT_LT(on.held(), mebibyte)
            << (rule == delivery::when_written ? "written" : "acknowledged");
    }
}

// Whatever happens, against the most that waited since the spool was last empty.
TEST(spool_memory, is_bounded_by_what_waited)
{
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 draw{seed};
        stage on{seed % 2 == 0 ? delivery::when_written : delivery::when_acknowledged};
        std::size_t most = 0;
        std::uint64_t sequence = 0;
        for (int step = 0; step < 20'000; ++step) {
            auto const choice = draw() % 100;
            if (choice < 50)
                on.data(1 + draw() % 10, ++sequence);
            else if (choice < 80)
                on.records.written(draw() % (on.records.unsent().size() + 1));
            else if (choice < 99)
                on.records.acknowledge(
                    session_id{1 + draw() % 10}, sequence - std::min(sequence, draw() % 50)
                );
            else
                on.records.connection_lost();
            most = std::max(on.records.empty() ? 0 : most, on.records.waiting());
            ASSERT_LE(on.held(), 4 * most + mebibyte) << "step " << step;
        }
    }
}

}  // namespace
}  // namespace gatehouse::test
