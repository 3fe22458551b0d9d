// lib/backend/spool.cpp against a reference, and against a backend that reads what connections
// carry.
#include "backend/spool.h"
#include "unit/backend/answer.h"
#include "unit/backend/reference_spool.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace gatehouse::test {
namespace {

using backend::delivery;
using kind = reference_spool::kind;

constexpr std::uint64_t sessions = 5;

enum class format : std::uint8_t { ndjson, records };

// Whether a backend acknowledges only what it read.
enum class honesty : std::uint8_t { honest, lies };

std::unique_ptr<backend::codec> make(format which)
{
    return which == format::ndjson ? backend::make_ndjson_codec(backend::payload_form::text)
                                   : backend::make_binary_codec();
}

// A record as it can be found in a stream.
struct known_record {
    std::size_t number = 0;  // in the order of adding
    kind what = kind::message;
    std::uint64_t session = 0;
    std::uint64_t sequence = 0;
    bool again = false;
};

// The backend's end: reads whole records off each connection, however it is cut.
class reader {
public:
    reader(delivery rule, honesty own) : rule_{rule}, own_{own} {}

    void knows(byte_string const& record, known_record what) { known_[record] = what; }
    void connected() { stream_.clear(); }

    // Bytes that the backend read. On a connection that breaks it need not read all.
    void read(backend::codec const& format, bytes data)
    {
        append(stream_, data);
        for (;;) {
            auto const size = format.split(stream_);
            ASSERT_TRUE(size.has_value());
            if (*size == 0)
                return;
            byte_string const record{
                stream_.begin(), stream_.begin() + static_cast<std::ptrdiff_t>(*size)};
            stream_.erase(stream_.begin(), stream_.begin() + static_cast<std::ptrdiff_t>(*size));
            auto const found = known_.find(record);
            ASSERT_NE(found, known_.end()) << "no record that was added: " << text_of(record);
            take(found->second);
        }
    }

    // The last message of a session that was read; 0 = none.
    std::uint64_t last(std::uint64_t session) const
    {
        auto const found = last_.find(session);
        return found == last_.end() ? 0 : found->second;
    }

    std::map<std::size_t, int> const& times_read() const { return times_; }

private:
    void take(known_record const& record)
    {
        auto const before = times_[record.number]++;
        EXPECT_TRUE(before == 0 || record.again) << "repeated without saying so: " << record.number;
        if (rule_ == delivery::when_written || record.what == kind::complaint)
            EXPECT_EQ(before, 0) << "repeated: " << record.number;
        if (record.what != kind::message)
            return;
        auto& last = last_[record.session];
        // What it acknowledged without having got it does not come.
        if (rule_ == delivery::when_acknowledged && own_ == honesty::honest)
            EXPECT_LE(record.sequence, last + 1)
                << "a message of session " << record.session << " is missing";
        if (rule_ == delivery::when_written)
            EXPECT_GT(record.sequence, last) << "out of order in session " << record.session;
        last = std::max(last, record.sequence);
    }

    delivery rule_;
    honesty own_;
    std::map<byte_string, known_record> known_;
    byte_string stream_;
    std::map<std::uint64_t, std::uint64_t> last_;
    std::map<std::size_t, int> times_;
};

// A spool, its reference and the backend behind it, driven by chance.
class trial {
public:
    trial(format which, delivery rule, honesty own, std::uint64_t seed)
        : format_{make(which)}
        , rule_{rule}
        , own_{own}
        , draw_{seed}
        , spool_{*format_, rule}
        , reference_{rule}
        , backend_{rule, own}
    {
    }

    void step()
    {
        auto const choice = chance(100);
        if (choice < 45)
            add();
        else if (choice < 75)
            write(chance(spool_.unsent().size() + 1));
        else if (choice < 78)
            write(spool_.unsent().size());
        else if (choice < 99)
            acknowledge();
        else
            lose();
        check();
    }

    // Everything arrives, and is acknowledged.
    void settle()
    {
        write(spool_.unsent().size());
        read(in_flight_.size());
        add_message(0);
        write(spool_.unsent().size());
        read(in_flight_.size());
        for (std::uint64_t session = 0; session <= sessions; ++session) {
            spool_.acknowledge(session_id{session + 1}, backend_.last(session + 1));
            reference_.acknowledge(session + 1, backend_.last(session + 1));
        }
        check();
    }

    void expect_all_delivered()
    {
        EXPECT_TRUE(spool_.empty());
        EXPECT_EQ(spool_.waiting(), 0U);
        EXPECT_EQ(spool_.messages_waiting(), 0U);
        if (rule_ == delivery::when_acknowledged)
            for (auto const& [session, sequence] : next_)
                EXPECT_EQ(backend_.last(session), sequence);
        // Each record was written whole once at least, even if a backend that went away did not
        // read it.
        for (auto const& [number, what] : added_)
            if (what == kind::message || rule_ == delivery::when_written)
                EXPECT_TRUE(wholly_written_.contains(number)) << number;
    }

    std::size_t largest() const { return largest_; }
    int connections() const { return connections_; }

private:
    std::size_t chance(std::size_t below)
    {
        return std::uniform_int_distribution<std::size_t>{0, below - 1}(draw_);
    }

    void add()
    {
        auto const choice = chance(10);
        auto const session = 1 + chance(sessions);
        if (choice < 7) {
            add_message(session - 1);
        } else if (choice < 8) {
            auto const device = "device " + std::to_string(added_.size());
            add({session_id{session}, device, "usmp", "1.2", "fleet", "127.0.0.1:1", "k"},
                kind::lifecycle,
                session);
        } else if (choice < 9) {
            auto const device = "device " + std::to_string(added_.size());
            add(backend::close_record{session_id{session}, device, "bye"}, kind::lifecycle, session
            );
        } else {
            auto const device = "device " + std::to_string(added_.size());
            add(backend::error_record{"unknown device", {}, device}, kind::complaint, 0);
        }
    }

    void add_message(std::uint64_t index)
    {
        auto const session = index + 1;
        auto const sequence = ++next_[session];
        // Now and then long, so that the spool has something to compact.
        auto const payload = byte_string(chance(12) == 0 ? chance(60'000) : chance(40), 'x');
        add(backend::data_record{session_id{session}, "d", sequence, payload},
            kind::message,
            session,
            sequence);
    }

    void add(backend::open_record const& record, kind what, std::uint64_t session)
    {
        add<>(record, what, session);
    }

    template <class Record>
    void add(Record const& record, kind what, std::uint64_t session, std::uint64_t sequence = 0)
    {
        auto const plain = test::written(*format_, record);
        auto const again = written_again(*format_, plain);
        known_record const known{added_.size(), what, session, sequence, false};
        auto repeated = known;
        repeated.again = true;
        backend_.knows(plain, known);
        backend_.knows(again, repeated);
        numbers_[plain] = numbers_[again] = known.number;
        added_[known.number] = what;
        reference_.add(
            {.what = what, .session = session, .sequence = sequence, .plain = plain, .again = again}
        );
        spool_.add(record);
    }

    void write(std::size_t size)
    {
        auto const taken = copy_of(spool_.unsent().first(size));
        append(in_flight_, taken);
        append(carried_, taken);
        spool_.written(size);
        reference_.written(size);
        note_whole_records();
    }

    // The records that the socket has taken whole.
    void note_whole_records()
    {
        for (;;) {
            auto const size = format_->split(carried_);
            ASSERT_TRUE(size.has_value());
            if (*size == 0)
                return;
            auto const end = carried_.begin() + static_cast<std::ptrdiff_t>(*size);
            auto const found = numbers_.find(byte_string{carried_.begin(), end});
            ASSERT_NE(found, numbers_.end());
            wholly_written_[found->second] = true;
            carried_.erase(carried_.begin(), end);
        }
    }

    void read(std::size_t size)
    {
        auto const end = in_flight_.begin() + static_cast<std::ptrdiff_t>(size);
        backend_.read(*format_, byte_string{in_flight_.begin(), end});
        in_flight_.erase(in_flight_.begin(), end);
    }

    void acknowledge()
    {
        read(chance(in_flight_.size() + 1));
        // One session is heard of rarely, so that much is delivered behind its messages.
        auto session = chance(30) == 0 ? std::size_t{1} : 2 + chance(sessions);
        auto sequence = backend_.last(session);
        if (own_ == honesty::lies && chance(2) == 0)
            sequence += chance(6);
        else if (chance(3) == 0)
            sequence -= std::min<std::uint64_t>(sequence, chance(4));
        if (chance(20) == 0)
            session = 1'000 + chance(2);
        spool_.acknowledge(session_id{session}, sequence);
        reference_.acknowledge(session, sequence);
    }

    void lose()
    {
        // What was in flight is read in part, or not at all.
        read(chance(in_flight_.size() + 1));
        in_flight_.clear();
        carried_.clear();
        spool_.connection_lost();
        reference_.connection_lost();
        backend_.connected();
        ++connections_;
    }

    void check()
    {
        ASSERT_EQ(copy_of(spool_.unsent()), reference_.unsent());
        ASSERT_EQ(spool_.messages_waiting(), reference_.messages_waiting());
        ASSERT_EQ(spool_.waiting(), reference_.waiting());
        ASSERT_EQ(spool_.empty(), spool_.waiting() == 0);
        largest_ = std::max(largest_, spool_.waiting());
    }

    std::unique_ptr<backend::codec> format_;
    delivery rule_;
    honesty own_;
    std::mt19937_64 draw_;
    backend::spool spool_;
    reference_spool reference_;
    reader backend_;
    byte_string in_flight_;  // written, not read by the backend yet
    byte_string carried_;    // written on this connection, not cut into records yet
    std::map<byte_string, std::size_t> numbers_;  // records by their bytes
    std::map<std::size_t, kind> added_;
    std::map<std::size_t, bool> wholly_written_;
    std::map<std::uint64_t, std::uint64_t> next_;  // sequences given out
    std::size_t largest_ = 0;
    int connections_ = 0;
};

void run(format which, delivery rule, honesty own = honesty::honest)
{
    constexpr std::uint64_t seeds = 4;
    constexpr int steps = 1'000;
    for (std::uint64_t seed = 1; seed <= seeds && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        trial one{which, rule, own, seed};
        for (int step = 0; step < steps && !testing::Test::HasFailure(); ++step) {
            SCOPED_TRACE("step " + std::to_string(step));
            one.step();
        }
        if (testing::Test::HasFailure() || own == honesty::lies)
            continue;
        one.settle();
        one.expect_all_delivered();
        // Were these false, the trial would not have tried much.
        EXPECT_GT(one.connections(), 2);
        EXPECT_GT(one.largest(), 50'000U);
    }
}

TEST(spool_model, when_written_in_ndjson)
{
    run(format::ndjson, delivery::when_written);
}

TEST(spool_model, when_written_in_records)
{
    run(format::records, delivery::when_written);
}

TEST(spool_model, when_acknowledged_in_ndjson)
{
    run(format::ndjson, delivery::when_acknowledged);
}

TEST(spool_model, when_acknowledged_in_records)
{
    run(format::records, delivery::when_acknowledged);
}

TEST(spool_model, a_backend_that_acknowledges_at_random_in_ndjson)
{
    run(format::ndjson, delivery::when_acknowledged, honesty::lies);
}

TEST(spool_model, a_backend_that_acknowledges_at_random_in_records)
{
    run(format::records, delivery::when_acknowledged, honesty::lies);
}

}  // namespace
}  // namespace gatehouse::test
