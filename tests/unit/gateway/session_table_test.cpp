#include "gateway/session_table.h"
#include "support/byte_string.h"
#include "support/scripted_random.h"

#include <gtest/gtest.h>

#include <set>

namespace gatehouse::test {
namespace {

using namespace literals;

class idle_session final : public live_session {
public:
    result<> deliver(bytes) override { return {}; }
    void end(end_reason) override {}
    std::size_t backend() const override { return 0; }
    session_row look() const override { return {}; }
    void wake() override {}
    void review(snapshot_change const&) override {}
    void clock_stepped() override {}
};

TEST(session_table, an_id_names_its_worker_and_node)
{
    scripted_random random;
    session_table table{0xab, 0x1234, random};
    for (int i = 0; i < 100; ++i) {
        auto const id = table.issue();
        EXPECT_EQ(id.worker(), 0xab);
        EXPECT_EQ(id.bytes()[0], 0xab);
        EXPECT_EQ(id.bytes()[1], 0x12);
        EXPECT_EQ(id.bytes()[2], 0x34);
    }
}

TEST(session_table, the_rest_of_an_id_is_random)
{
    scripted_random random{"ffffff0102030405"_hex};
    session_table table{1, 2, random};
    EXPECT_EQ(table.issue(), session_id{0x0100020102030405});
    EXPECT_TRUE(random.queue_used_up());
}

TEST(session_table, ids_differ)
{
    scripted_random random;
    session_table table{1, 0, random};
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 10'000; ++i)
        EXPECT_TRUE(seen.insert(table.issue().value()).second);
}

TEST(session_table, no_live_session_has_an_issued_id)
{
    scripted_random random{"0000000000000001"
                           "0000000000000001"
                           "0000000000000001"
                           "0000000000000002"_hex};
    session_table table{1, 0, random};
    idle_session session;
    auto const first = table.issue();
    table.add(first, session);
    auto const second = table.issue();
    EXPECT_NE(second, first);
    EXPECT_EQ(second, session_id{0x0100000000000002});
}

TEST(session_table, the_id_of_a_session_that_is_gone_may_come_again)
{
    scripted_random random{"0000000000000001"
                           "0000000000000001"_hex};
    session_table table{1, 0, random};
    idle_session session;
    auto const first = table.issue();
    table.add(first, session);
    table.remove(first);
    EXPECT_EQ(table.issue(), first);
}

// Zeros mean "no session" in records.
TEST(session_table, never_issues_the_id_that_means_none)
{
    scripted_random random{"ffffff0000000000"
                           "ffffff0000000003"_hex};
    session_table table{0, 0, random};
    EXPECT_EQ(table.issue(), session_id{3});
}

TEST(session_table, finds_what_was_added)
{
    scripted_random random;
    session_table table{1, 0, random};
    idle_session one;
    idle_session two;
    table.add(session_id{1}, one);
    table.add(session_id{2}, two);
    EXPECT_EQ(table.size(), 2U);
    EXPECT_EQ(table.find(session_id{1}), &one);
    EXPECT_EQ(table.find(session_id{2}), &two);
    EXPECT_EQ(table.find(session_id{3}), nullptr);
}

TEST(session_table, does_not_find_what_was_removed)
{
    scripted_random random;
    session_table table{1, 0, random};
    idle_session one;
    table.add(session_id{1}, one);
    table.remove(session_id{1});
    table.remove(session_id{1});
    EXPECT_EQ(table.find(session_id{1}), nullptr);
    EXPECT_EQ(table.size(), 0U);
}

}  // namespace
}  // namespace gatehouse::test
