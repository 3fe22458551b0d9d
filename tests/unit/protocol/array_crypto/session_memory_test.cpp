// What a connection of Array-Crypto costs the heap: nothing a request, and little while it waits.
#include "protocol/array_crypto/stream_session.h"
#include "support/allocation_counts.h"
#include "support/array_crypto_world.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

constexpr std::size_t rounds = 60;  // the first ones let tables and buffers grow
constexpr std::size_t settled = 40;

class array_crypto_memory : public testing::Test {
protected:
    void feed(std::string const& request)
    {
        memory.assign(request.begin(), request.end());
        out.clear();
        auto const before = allocations();
        auto const used = live->receive(world.now, memory, out);
        counted += allocations() - before;
        ASSERT_TRUE(used);
        ASSERT_EQ(*used, memory.size());
    }

    array_crypto_world world;
    std::unique_ptr<session> live = world.door.open(world.now + std::chrono::seconds{10}, {});
    output out;
    byte_string memory;
    std::size_t counted = 0;
};

TEST_F(array_crypto_memory, messages_take_nothing_from_the_heap)
{
    for (std::size_t i = 0; i < rounds; ++i) {
        if (i == settled)
            counted = 0;
        feed(request_text("GET", "/dev/sensor-2/snapshot", {}, {}));
        auto const answer = text_of(out.wire.all());
        auto const body = answer.substr(answer.find("\r\n\r\n") + 4);
        auto const sealed =
            sealed_v2(pair_of({200, {}, body}), static_cast<std::uint8_t>(i), "hello");
        feed(request_text("POST", "/dev/sensor-2/message", sealed, {}));
        ASSERT_EQ(out.up.size(), 1);
        auto const before = allocations();
        ASSERT_TRUE(live->send(world.now, as_bytes("an answer"), out));
        counted += allocations() - before;
        world.wait(std::chrono::seconds{1});
    }
    EXPECT_EQ(counted, 0);
}

TEST_F(array_crypto_memory, handshakes_take_nothing_from_the_heap)
{
    auto const body = "{\"hash\": \"" + std::string(64, 'a') + "\"}";
    auto const request =
        request_text("POST", "/dev/sensor-2/handshake", as_bytes(body), "application/json");
    for (std::size_t i = 0; i < rounds; ++i) {
        if (i == settled)
            counted = 0;
        feed(request);
    }
    EXPECT_EQ(counted, 0);
}

TEST_F(array_crypto_memory, an_idle_connection_is_small)
{
    EXPECT_LE(sizeof(array_crypto::stream_session), 320);
}

}  // namespace
}  // namespace gatehouse::test
