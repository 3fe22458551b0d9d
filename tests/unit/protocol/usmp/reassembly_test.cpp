#include "protocol/usmp/reassembly.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

class reassembly : public testing::Test {
protected:
    // One fragment too many.
    void spoil()
    {
        for (int i = 0; i < 4; ++i)
            EXPECT_EQ(message.add(usmp::r1_2, text_bytes("x"), blocks).has_value(), i < 3);
        EXPECT_TRUE(message.is_spoilt());
    }

    void expect_like_new()
    {
        EXPECT_FALSE(message.is_spoilt());
        EXPECT_FALSE(message.in_progress());
        ASSERT_TRUE(message.add(usmp::r1_2, text_bytes("a"), blocks));
        ASSERT_TRUE(message.finish(text_bytes("b"), out));
        ASSERT_EQ(out.up.size(), 1U);
        EXPECT_EQ(text_of(out.up[0]), "ab");
    }

    block_pool blocks{2};
    output out;
    usmp::reassembly message;
};

TEST_F(reassembly, a_single_chunk_is_passed_on_in_place)
{
    auto const chunk = text_bytes("whole");
    ASSERT_TRUE(message.finish(chunk, out));
    ASSERT_EQ(out.up.size(), 1U);
    EXPECT_EQ(out.up[0].data(), chunk.data());
    EXPECT_FALSE(message.in_progress());
}

TEST_F(reassembly, an_empty_message_is_a_message)
{
    ASSERT_TRUE(message.finish({}, out));
    ASSERT_EQ(out.up.size(), 1U);
    EXPECT_TRUE(out.up[0].empty());
}

TEST_F(reassembly, chunks_are_joined)
{
    byte_string whole;
    for (std::uint8_t i = 0; i < 3; ++i) {
        auto const chunk = pattern_bytes(452, i);
        append(whole, chunk);
        ASSERT_TRUE(message.add(usmp::r1_2, chunk, blocks));
        EXPECT_TRUE(message.in_progress());
        EXPECT_TRUE(out.up.empty());
    }
    auto const last = pattern_bytes(452, 9);
    append(whole, last);
    ASSERT_TRUE(message.finish(last, out));
    EXPECT_FALSE(message.in_progress());
    ASSERT_EQ(out.up.size(), 1U);
    EXPECT_EQ(copy_of(out.up[0]), whole);
}

TEST_F(reassembly, the_next_message_starts_anew)
{
    for (int round = 0; round < 3; ++round) {
        ASSERT_TRUE(message.add(usmp::r1_2, text_bytes("a"), blocks));
        ASSERT_TRUE(message.finish(text_bytes("b"), out));
    }
    ASSERT_EQ(out.up.size(), 3U);
    for (auto const whole : out.up)
        EXPECT_EQ(text_of(whole), "ab");
}

TEST_F(reassembly, a_fourth_fragment_is_one_too_many)
{
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(message.add(usmp::r1_2, text_bytes("x"), blocks));
    EXPECT_FALSE(message.is_spoilt());
    EXPECT_EQ(message.add(usmp::r1_2, text_bytes("x"), blocks).error(), error::malformed_fragments);
    EXPECT_TRUE(message.is_spoilt());
    EXPECT_TRUE(message.in_progress());
}

TEST_F(reassembly, nothing_goes_up_of_a_message_with_too_many_fragments)
{
    spoil();
    for (int i = 0; i < 300; ++i)
        EXPECT_EQ(
            message.add(usmp::r1_2, text_bytes("x"), blocks).error(), error::malformed_fragments
        );
    EXPECT_EQ(message.finish(text_bytes("end"), out).error(), error::malformed_fragments);
    EXPECT_TRUE(out.up.empty());
    expect_like_new();
}

TEST_F(reassembly, a_spoilt_message_can_be_dropped)
{
    spoil();
    message.drop();
    expect_like_new();
}

TEST_F(reassembly, more_bytes_than_there_is_room_for_spoil_a_message)
{
    auto const half = pattern_bytes(block_size / 2 + 1);
    ASSERT_TRUE(message.add(usmp::r1_2, half, blocks));
    EXPECT_EQ(message.add(usmp::r1_2, half, blocks).error(), error::malformed_fragments);
    EXPECT_TRUE(message.is_spoilt());
    message.drop();
    ASSERT_TRUE(message.add(usmp::r1_2, half, blocks));
    EXPECT_EQ(message.finish(half, out).error(), error::malformed_fragments);
    EXPECT_TRUE(out.up.empty());
    expect_like_new();
}

TEST_F(reassembly, what_is_unfinished_makes_way_and_is_spoilt)
{
    blocks.parts().set_limit(2 * block_size);
    usmp::reassembly second;
    usmp::reassembly third;
    ASSERT_TRUE(message.add(usmp::r1_2, text_bytes("a"), blocks));
    ASSERT_TRUE(second.add(usmp::r1_2, text_bytes("b"), blocks));
    ASSERT_TRUE(message.add(usmp::r1_2, text_bytes("more"), blocks));
    ASSERT_TRUE(third.add(usmp::r1_2, text_bytes("c"), blocks));
    EXPECT_TRUE(message.is_spoilt());
    EXPECT_EQ(message.finish(text_bytes("end"), out).error(), error::malformed_fragments);
    ASSERT_TRUE(second.finish(text_bytes("B"), out));
    ASSERT_TRUE(third.finish(text_bytes("C"), out));
    ASSERT_EQ(out.up.size(), 2U);
    EXPECT_EQ(text_of(out.up[0]), "bB");
    EXPECT_EQ(text_of(out.up[1]), "cC");
    EXPECT_EQ(blocks.parts().size(), 0U);
    out.clear();
    expect_like_new();
}

TEST_F(reassembly, what_dies_unfinished_takes_no_room_any_more)
{
    {
        usmp::reassembly dying;
        ASSERT_TRUE(dying.add(usmp::r1_2, text_bytes("a"), blocks));
        EXPECT_EQ(blocks.parts().size(), block_size);
    }
    EXPECT_EQ(blocks.parts().size(), 0U);
    ASSERT_TRUE(message.add(usmp::r1_2, text_bytes("a"), blocks));
    message.drop();
    EXPECT_EQ(blocks.parts().size(), 0U);
}

TEST_F(reassembly, old_generations_know_no_fragments)
{
    for (auto const* how : {&usmp::r0_2, &usmp::r0_3}) {
        EXPECT_EQ(message.add(*how, text_bytes("x"), blocks).error(), error::malformed_fragments);
        EXPECT_FALSE(message.in_progress());
        EXPECT_FALSE(message.is_spoilt());
    }
}

}  // namespace
}  // namespace gatehouse::test
