#include "backend/spool.h"
#include "unit/backend/answer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace gatehouse::test {
namespace {

using namespace literals;
using backend::delivery;

session_id const first{0x0100000000000001};
session_id const second{0x0100000000000002};

// A spool of ndjson records and the bytes that its connection took.
struct spool_setup {
    explicit spool_setup(delivery rule) : records{*format, rule} {}

    void open(session_id session)
    {
        records.add(backend::open_record{
            .session = session,
            .device = "d",
            .protocol = "usmp",
            .generation = {},
            .listener = {},
            .peer = {},
            .credential = {}});
    }
    void close(session_id session) { records.add(close_of(session)); }
    void complain() { records.add(complaint); }
    void data(session_id session, std::uint64_t sequence)
    {
        records.add(message(session, sequence));
    }

    // The socket takes all, or so many bytes.
    void write() { records.written(records.unsent().size()); }
    void write(std::size_t size) { records.written(size); }

    std::string unsent() const { return text_of(records.unsent()); }

    static backend::close_record close_of(session_id session) { return {session, "d", "bye"}; }
    static backend::data_record message(session_id session, std::uint64_t sequence)
    {
        return {.session = session, .device = "d", .sequence = sequence, .payload = as_bytes("m")};
    }
    template <class Record>
    std::string plain(Record const& record) const
    {
        return text_of(written(*format, record));
    }
    template <class Record>
    std::string again(Record const& record) const
    {
        return text_of(written_again(*format, written(*format, record)));
    }

    static constexpr backend::error_record complaint{"unknown session", {}, {}};
    std::unique_ptr<backend::codec> format =
        backend::make_ndjson_codec(backend::payload_form::base64);
    backend::spool records;
};

TEST(spool, starts_empty)
{
    spool_setup at{delivery::when_written};
    EXPECT_TRUE(at.records.empty());
    EXPECT_TRUE(at.records.unsent().empty());
    EXPECT_EQ(at.records.waiting(), 0U);
    EXPECT_EQ(at.records.messages_waiting(), 0U);
    at.records.connection_lost();
    EXPECT_TRUE(at.records.empty());
}

TEST(spool, shows_all_kinds_of_records_in_order)
{
    spool_setup at{delivery::when_written};
    at.data(first, 1);
    at.complain();
    at.close(first);
    EXPECT_EQ(
        at.unsent(),
        at.plain(spool_setup::message(first, 1)) + at.plain(spool_setup::complaint) +
            at.plain(spool_setup::close_of(first))
    );
    EXPECT_EQ(at.records.waiting(), at.unsent().size());
    EXPECT_EQ(at.records.messages_waiting(), 1U);
}

TEST(spool, a_partial_write_leaves_the_rest)
{
    spool_setup at{delivery::when_written};
    at.data(first, 1);
    auto const all = at.unsent();
    for (std::size_t taken = 1; taken < all.size(); ++taken) {
        at.write(1);
        EXPECT_EQ(at.unsent(), all.substr(taken));
        EXPECT_EQ(at.records.waiting(), all.size());
    }
    at.write(1);
    EXPECT_TRUE(at.records.empty());
}

TEST(spool_when_written, a_written_message_is_delivered)
{
    spool_setup at{delivery::when_written};
    at.open(first);
    at.data(first, 1);
    at.write();
    EXPECT_TRUE(at.records.empty());
    EXPECT_EQ(at.records.messages_waiting(), 0U);
}

TEST(spool_when_written, what_a_lost_connection_took_whole_is_not_repeated)
{
    spool_setup at{delivery::when_written};
    at.data(first, 1);
    at.write();
    at.data(first, 2);
    at.records.connection_lost();
    EXPECT_EQ(at.unsent(), at.plain(spool_setup::message(first, 2)));
}

TEST(spool_when_written, what_a_lost_connection_took_in_part_is_sent_whole)
{
    spool_setup at{delivery::when_written};
    at.data(first, 1);
    at.data(first, 2);
    at.write(at.unsent().size() - 1);
    at.records.connection_lost();
    EXPECT_EQ(at.unsent(), at.plain(spool_setup::message(first, 2)));
    EXPECT_EQ(at.records.waiting(), at.unsent().size());
}

TEST(spool_when_written, an_ack_changes_nothing)
{
    spool_setup at{delivery::when_written};
    at.data(first, 1);
    at.write(1);
    auto const rest = at.unsent();
    at.records.acknowledge(first, 1);
    EXPECT_EQ(at.unsent(), rest);
    EXPECT_EQ(at.records.messages_waiting(), 1U);
}

TEST(spool_when_acknowledged, a_written_message_waits_for_its_ack)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    auto const size = at.unsent().size();
    at.write();
    EXPECT_TRUE(at.records.unsent().empty());
    EXPECT_EQ(at.records.waiting(), size);
    EXPECT_EQ(at.records.messages_waiting(), 1U);
    at.records.acknowledge(first, 1);
    EXPECT_TRUE(at.records.empty());
    EXPECT_EQ(at.records.messages_waiting(), 0U);
}

TEST(spool_when_acknowledged, an_ack_is_cumulative)
{
    spool_setup at{delivery::when_acknowledged};
    for (std::uint64_t sequence = 1; sequence <= 5; ++sequence)
        at.data(first, sequence);
    at.write();
    at.records.acknowledge(first, 3);
    EXPECT_EQ(at.records.messages_waiting(), 2U);
    at.records.acknowledge(first, 2);
    EXPECT_EQ(at.records.messages_waiting(), 2U);
    at.records.acknowledge(first, 5);
    EXPECT_TRUE(at.records.empty());
}

TEST(spool_when_acknowledged, an_ack_is_for_one_session)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    at.data(second, 1);
    at.data(first, 2);
    at.write();
    at.records.acknowledge(second, 9);
    at.records.connection_lost();
    EXPECT_EQ(
        at.unsent(),
        at.again(spool_setup::message(first, 1)) + at.again(spool_setup::message(first, 2))
    );
}

TEST(spool_when_acknowledged, an_ack_for_an_unknown_session_changes_nothing)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    at.write();
    at.records.acknowledge(second, 1);
    at.records.acknowledge(session_id{}, 1);
    EXPECT_EQ(at.records.messages_waiting(), 1U);
}

TEST(spool_when_acknowledged, an_ack_for_what_was_not_sent_changes_nothing)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    auto const size = at.unsent().size();
    at.data(first, 2);
    at.write(size);
    at.records.acknowledge(first, 2);
    EXPECT_EQ(at.records.messages_waiting(), 1U);
    EXPECT_EQ(at.unsent(), at.plain(spool_setup::message(first, 2)));
    at.write(at.unsent().size() - 1);
    at.records.acknowledge(first, 2);
    EXPECT_EQ(at.records.messages_waiting(), 1U);
    at.write();
    at.records.acknowledge(first, 2);
    EXPECT_TRUE(at.records.empty());
}

TEST(spool_when_acknowledged, what_was_not_acknowledged_is_sent_again_and_says_so)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    at.data(first, 2);
    at.write();
    at.data(first, 3);
    at.write(1);
    at.data(first, 4);
    at.records.acknowledge(first, 1);
    at.records.connection_lost();
    EXPECT_EQ(
        at.unsent(),
        at.again(spool_setup::message(first, 2)) + at.plain(spool_setup::message(first, 3)) +
            at.plain(spool_setup::message(first, 4))
    );
    EXPECT_EQ(at.records.waiting(), at.unsent().size());
    EXPECT_EQ(at.records.messages_waiting(), 3U);
}

TEST(spool_when_acknowledged, what_is_sent_a_third_time_says_so_once)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    for (int connections = 0; connections < 3; ++connections) {
        at.write();
        at.records.connection_lost();
        EXPECT_EQ(at.unsent(), at.again(spool_setup::message(first, 1)));
    }
}

// The lost connection may have carried it, though this one has not yet.
TEST(spool_when_acknowledged, a_repeat_that_was_cut_off_still_says_so)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    at.write();
    at.records.connection_lost();
    at.write(3);
    at.records.connection_lost();
    EXPECT_EQ(at.unsent(), at.again(spool_setup::message(first, 1)));
}

TEST(spool_when_acknowledged, an_ack_on_a_new_connection_is_for_what_that_one_carried)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    at.write();
    at.records.connection_lost();
    at.records.acknowledge(first, 1);
    EXPECT_EQ(at.unsent(), at.again(spool_setup::message(first, 1)));
    at.write();
    at.records.acknowledge(first, 1);
    EXPECT_TRUE(at.records.empty());
}

TEST(spool_when_acknowledged, an_open_is_repeated_until_a_later_message_is_acknowledged)
{
    spool_setup at{delivery::when_acknowledged};
    at.open(first);
    at.data(first, 1);
    auto const size = at.unsent().size();
    at.write();
    at.records.connection_lost();
    EXPECT_GT(at.unsent().size(), size);
    at.write();
    at.records.acknowledge(first, 1);
    at.data(first, 2);
    at.records.connection_lost();
    EXPECT_EQ(at.unsent(), at.plain(spool_setup::message(first, 2)));
}

TEST(spool_when_acknowledged, an_open_before_another_sessions_acknowledged_message_was_read_too)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    at.open(second);
    at.data(second, 1);
    at.write();
    at.records.acknowledge(second, 1);
    at.records.connection_lost();
    EXPECT_EQ(at.unsent(), at.again(spool_setup::message(first, 1)));
}

TEST(spool_when_acknowledged, a_close_behind_the_last_ack_is_repeated)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    at.close(first);
    at.write();
    at.records.acknowledge(first, 1);
    at.records.connection_lost();
    EXPECT_EQ(at.unsent(), at.again(spool_setup::close_of(first)));
}

TEST(spool_when_acknowledged, a_written_complaint_is_never_sent_again)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    at.complain();
    auto const message = at.plain(spool_setup::message(first, 1)).size();
    at.write();
    EXPECT_EQ(at.records.waiting(), message);
    at.records.connection_lost();
    EXPECT_EQ(at.unsent(), at.again(spool_setup::message(first, 1)));
}

TEST(spool_when_acknowledged, a_complaint_that_was_cut_off_is_sent_whole)
{
    spool_setup at{delivery::when_acknowledged};
    at.complain();
    at.write(5);
    at.records.connection_lost();
    EXPECT_EQ(at.unsent(), at.plain(spool_setup::complaint));
}

// Memory is squeezed while a record is cut in two.
TEST(spool_when_acknowledged, squeezing_out_what_was_delivered_keeps_the_place_in_a_record)
{
    spool_setup at{delivery::when_acknowledged};
    at.data(first, 1);
    for (std::uint64_t sequence = 1; sequence <= 2'000; ++sequence)
        at.data(second, sequence);
    at.write();
    at.data(second, 2'001);
    at.data(first, 2);
    auto const all = at.unsent();
    at.write(7);
    at.records.acknowledge(second, 2'000);
    EXPECT_EQ(at.unsent(), all.substr(7));
    EXPECT_EQ(at.records.messages_waiting(), 3U);
    at.write();
    at.records.acknowledge(second, 2'001);
    at.records.acknowledge(first, 2);
    EXPECT_TRUE(at.records.empty());
}

// No ack is ever for an open or a close. Were they to count for ever, devices that come and go
// without a message would fill the queue, reading would pause, and no message could come whose ack
// empties it.
TEST(spool_when_acknowledged, what_no_ack_can_be_for_does_not_fill_the_queue)
{
    spool_setup at{delivery::when_acknowledged};
    for (std::uint64_t session = 1; session <= 1'000; ++session) {
        at.open(session_id{session});
        at.close(session_id{session});
        at.write();
    }
    EXPECT_LT(at.records.waiting(), std::size_t{16} << 10);
}

}  // namespace
}  // namespace gatehouse::test
