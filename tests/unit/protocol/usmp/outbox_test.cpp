// One frame at a time, in order, each with a number of its own; and what is left at the end.
#include "unit/protocol/usmp/post_office.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::frame_type;

INSTANTIATE_TEST_SUITE_P(
    release,
    outbox,
    testing::Values(&usmp::r0_4_7, &usmp::r0_5, &usmp::r1_0, &usmp::r1_2),
    [](auto const& instance) {
        std::string name{instance.param->release};
        for (auto& letter : name)
            letter = letter == '.' ? '_' : letter;
        return name;
    }
);

TEST_P(outbox, has_nothing_to_do_at_first)
{
    EXPECT_TRUE(office.box->empty());
    EXPECT_FALSE(office.box->awaits_ack());
    EXPECT_EQ(office.box->backlog(), 0U);
    EXPECT_EQ(office.box->deadline(), never);
    office.advance();
    office.wait(1h);
    office.give_up_messages();
    office.expect_silence();
}

TEST_P(outbox, one_frame_at_a_time)
{
    office.post("one");
    office.post("two");
    EXPECT_EQ(office.box->backlog(), 6U);
    EXPECT_TRUE(office.box->awaits_ack());
    auto const one = office.expect(frame_type::data, "one");
    office.expect_silence();
    EXPECT_TRUE(office.ack(one));
    EXPECT_EQ(office.box->backlog(), 3U);
    auto const two = office.expect(frame_type::data, "two");
    EXPECT_EQ(two.sequence, one.sequence + 1);
    EXPECT_TRUE(office.ack(two));
    office.expect_silence();
    EXPECT_TRUE(office.box->empty());
    EXPECT_FALSE(office.box->awaits_ack());
    EXPECT_EQ(office.box->backlog(), 0U);
    EXPECT_EQ(office.box->deadline(), never);
}

TEST_P(outbox, thousands_in_order)
{
    std::mt19937 random{1};
    std::size_t added = 0;
    for (std::size_t heard = 0; heard < 3000; ++heard) {
        for (auto more = random() % 4; added == heard || more > 0; --more) {
            office.post(std::to_string(added++));
            if (more == 0)
                break;
        }
        ASSERT_TRUE(office.ack(office.expect(frame_type::data, std::to_string(heard))));
    }
}

TEST_P(outbox, an_empty_message_is_a_message)
{
    office.post("");
    EXPECT_FALSE(office.box->empty());
    office.ack(office.expect(frame_type::data, ""));
    EXPECT_TRUE(office.box->empty());
}

TEST_P(outbox, long_messages_go_in_chunks_each_after_the_other)
{
    for (std::size_t const size : {452U, 453U, 904U, 905U, 1808U}) {
        auto const text = pattern_bytes(size);
        office.add(text);
        office.advance();
        byte_string heard;
        while (!office.box->empty()) {
            auto const frame = office.next();
            ASSERT_TRUE(frame);
            append(heard, text_bytes(frame->text));
            bool const last = heard.size() == size;
            EXPECT_EQ(frame->type, last ? frame_type::data : frame_type::data_frag);
            EXPECT_EQ(office.box->backlog(), size) << "it counts until it has arrived as a whole";
            office.expect_silence();
            ASSERT_TRUE(office.ack(*frame));
        }
        EXPECT_EQ(heard, text);
        EXPECT_EQ(office.box->backlog(), 0U);
    }
}

TEST_P(outbox, all_that_is_not_acknowledged_is_reported_at_the_end)
{
    for (auto const* text : {"1", "2", "3", "4"})
        office.post(text);
    office.ack(office.expect(frame_type::data, "1"));
    office.give_up_messages();
    for (std::uint64_t number = 2; number <= 4; ++number)
        office.expect_undelivered(number, std::to_string(number));
    EXPECT_TRUE(office.undelivered.empty());
    EXPECT_EQ(office.box->backlog(), 0U);
    office.give_up_messages();
    EXPECT_TRUE(office.undelivered.empty());
    office.sent.clear();
    office.wait(1h);
    office.expect_silence();
}

TEST_P(outbox, is_like_new_when_it_comes_back)
{
    office.add(pattern_bytes(1000));
    office.post("m");
    office.box->want_pong();
    office.wait(12'500ms);
    auto const* const before = office.box.get();
    office.box.reset();
    office.box = office.pool.take();
    ASSERT_EQ(office.box.get(), before);
    office.sent.clear();
    office.undelivered.clear();
    EXPECT_TRUE(office.box->empty());
    EXPECT_EQ(office.box->backlog(), 0U);
    EXPECT_EQ(office.box->deadline(), never);
    EXPECT_FALSE(office.box->awaits_ack());
    office.advance();
    office.give_up_messages();
    office.expect_silence();
    office.post("new");
    EXPECT_TRUE(office.ack(office.expect(frame_type::data, "new")));
}

}  // namespace
}  // namespace gatehouse::test
