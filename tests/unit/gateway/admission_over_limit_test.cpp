// Handshakes that begin although there is no slot.
#include "gateway/admission.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1'000s};

peer_address host(std::uint8_t last)
{
    return peer_address::v4({192, 0, 2, last}, 1);
}

TEST(admission_over_limit, takes_a_slot_that_there_is_not)
{
    admission door{{.handshakes = 1, .handshakes_per_address = 1}};
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    EXPECT_EQ(door.begin_handshake(start, host(1)), error::limit_handshakes);
    EXPECT_TRUE(door.begin_handshake_over_limit(start, host(1)).has_value());
    door.abandon_handshake(host(1));
    EXPECT_EQ(door.begin_handshake(start, host(2)), error::limit_handshakes) << "it counts";
    door.abandon_handshake(host(1));
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
}

TEST(admission_over_limit, counts_for_its_address)
{
    admission door{{.handshakes = 9, .handshakes_per_address = 1}};
    EXPECT_TRUE(door.begin_handshake_over_limit(start, host(1)).has_value());
    EXPECT_TRUE(door.begin_handshake_over_limit(start, host(1)).has_value());
    door.abandon_handshake(host(1));
    EXPECT_EQ(door.begin_handshake(start, host(1)), error::limit_handshakes_per_address);
    EXPECT_TRUE(door.begin_handshake(start, host(2)).has_value());
    EXPECT_TRUE(door.begin_session(host(1)).has_value());
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
}

TEST(admission_over_limit, keeps_to_the_rate)
{
    admission door{{.handshakes_per_second = 10, .handshakes = 1}};
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    for (int i = 0; i < 9; ++i)
        EXPECT_TRUE(door.begin_handshake_over_limit(start, host(1)).has_value());
    EXPECT_EQ(door.begin_handshake_over_limit(start, host(1)), error::limit_handshake_rate);
    EXPECT_TRUE(door.begin_handshake_over_limit(start + 101ms, host(1)).has_value());
    EXPECT_EQ(door.begin_handshake_over_limit(start + 101ms, host(1)), error::limit_handshake_rate);
}

TEST(admission_over_limit, takes_nothing_beyond_the_rate)
{
    admission door{{.handshakes_per_second = 1, .handshakes = 1, .handshakes_per_address = 1}};
    EXPECT_TRUE(door.begin_handshake_over_limit(start, host(1)).has_value());
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(door.begin_handshake_over_limit(start, host(1)), error::limit_handshake_rate);
    door.abandon_handshake(host(1));
    EXPECT_TRUE(door.begin_handshake(start + 1s, host(1)).has_value());
}

}  // namespace
}  // namespace gatehouse::test
