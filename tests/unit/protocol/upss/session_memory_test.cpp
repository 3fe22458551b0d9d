// What a conversation of UPSS costs the heap: nothing a message, and little while it waits.
#include "protocol/upss/stream_session.h"
#include "support/allocation_counts.h"
#include "support/upss_world.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

constexpr std::size_t rounds = 60;  // the first ones let buffers grow
constexpr std::size_t settled = 40;

TEST(upss_memory, messages_and_answers_take_nothing_from_the_heap)
{
    for (auto const size : {std::size_t{5}, std::size_t{20'000}}) {
        upss_world world;
        world.env.config.forward_plain = true;
        upss_conversation talk{world};
        talk.shake_hands();
        output out;
        byte_string memory;
        std::size_t counted = 0;
        for (std::size_t i = 0; i < rounds; ++i) {
            auto const message = talk.message(std::string(size, 'm'));
            memory.assign(message.begin(), message.end());
            out.clear();
            auto const before = allocations();
            auto const used = talk.live->receive(world.now, memory, out);
            auto const sent = talk.live->send(world.now, as_bytes("an answer"), out);
            counted += i < settled ? 0 : allocations() - before;
            ASSERT_TRUE(used && sent && out.up.size() == 1);
            EXPECT_EQ(out.up.front().size(), size);
        }
        EXPECT_EQ(counted, 0U) << size;
    }
}

TEST(upss_memory, an_idle_conversation_is_small)
{
    EXPECT_LE(sizeof(upss::stream_session), 360U);
}

}  // namespace
}  // namespace gatehouse::test
