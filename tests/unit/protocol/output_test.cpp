#include "protocol/output.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace gatehouse::test {
namespace {

void put(wire_buffer& to, std::string_view text)
{
    auto const frame = to.frame(text.size());
    std::copy(text.begin(), text.end(), frame.begin());
}

TEST(wire_buffer, keeps_frames_apart)
{
    wire_buffer buffer;
    EXPECT_TRUE(buffer.empty());
    EXPECT_EQ(buffer.frames(), 0U);
    put(buffer, "one");
    put(buffer, "");
    put(buffer, "three");
    EXPECT_EQ(buffer.frames(), 3U);
    EXPECT_EQ(text_of(buffer.frame_at(0)), "one");
    EXPECT_EQ(text_of(buffer.frame_at(1)), "");
    EXPECT_EQ(text_of(buffer.frame_at(2)), "three");
    EXPECT_EQ(text_of(buffer.all()), "onethree");
    buffer.clear();
    EXPECT_TRUE(buffer.empty());
    EXPECT_EQ(buffer.frames(), 0U);
    put(buffer, "again");
    EXPECT_EQ(text_of(buffer.frame_at(0)), "again");
}

TEST(output, holds_memory_until_cleared)
{
    block_pool pool{1};
    output out;
    auto lent = pool.take();
    ASSERT_TRUE(lent.append(text_bytes("message")));
    auto const* memory = lent.contents().data();
    out.up.push_back(std::as_const(lent).contents());
    out.hold(std::move(lent));
    put(out.wire, "frame");
    EXPECT_EQ(text_of(out.up.front()), "message");

    auto other = pool.take();
    EXPECT_TRUE(other.append(text_bytes("other")));
    EXPECT_NE(other.contents().data(), memory);
    other.release();

    out.clear();
    EXPECT_TRUE(out.up.empty());
    EXPECT_TRUE(out.wire.empty());
}

}  // namespace
}  // namespace gatehouse::test
