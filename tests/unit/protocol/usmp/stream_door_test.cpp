#include "protocol/usmp/stream_door.h"

#include "support/reference_device.h"
#include "support/usmp_fixture.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

class stream_door : public testing::Test {
protected:
    byte_string hello(wire_generation generation = wire_generation::d3) const
    {
        return reference_device{usual_device(generation)}.hello();
    }

    std::string refusal(bytes received) const
    {
        auto const seen = door.look(received);
        return seen ? "none" : std::string{describe(seen.error())};
    }

    std::string spelled(error e) const { return std::string{describe(e)}; }

    usmp_world world{{}};
    usmp::stream_door door{world.env};
};

TEST_F(stream_door, waits_for_the_whole_hello)
{
    auto const whole = hello();
    EXPECT_EQ(whole.size(), door.hello_limit());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        auto const seen = door.look(bytes{whole}.first(size));
        ASSERT_TRUE(seen) << size;
        EXPECT_FALSE(seen->complete) << size;
    }
    auto const seen = door.look(whole);
    ASSERT_TRUE(seen);
    EXPECT_TRUE(seen->complete);
    EXPECT_EQ(seen->device.text(), usual_mac);
}

TEST_F(stream_door, what_follows_the_hello_does_not_matter)
{
    auto more = hello();
    append(more, text_bytes("garbage"));
    ASSERT_TRUE(door.look(more));
    EXPECT_TRUE(door.look(more)->complete);
}

TEST_F(stream_door, refuses_at_the_first_byte_that_tells)
{
    EXPECT_EQ(refusal(text_bytes("G")), spelled(error::malformed_magic));
    EXPECT_EQ(refusal(text_bytes("\xcd\xac")), spelled(error::malformed_magic));
    EXPECT_EQ(refusal(byte_string(1, 0)), spelled(error::malformed_magic));
}

TEST_F(stream_door, refuses_other_headers)
{
    auto const with = [&](std::size_t at, std::uint8_t value) {
        auto changed = hello();
        changed[at] = value;
        return refusal(bytes{changed}.first(12));
    };
    EXPECT_EQ(with(2, 0), spelled(error::incompatible_version));
    EXPECT_EQ(with(2, 3), spelled(error::incompatible_version));
    for (int type = 0; type < 256; ++type)
        if (type != wire_type::hello)
            EXPECT_EQ(with(3, static_cast<std::uint8_t>(type)), spelled(error::malformed_type));
    EXPECT_EQ(with(8, 37), spelled(error::malformed_length));
    EXPECT_EQ(with(8, 39), spelled(error::malformed_length));
    EXPECT_EQ(with(8, 54), spelled(error::malformed_length)) << "the cookie is for datagrams";
    EXPECT_EQ(with(8, 0), spelled(error::malformed_length));
    EXPECT_EQ(with(9, 2), spelled(error::malformed_oversize));
}

TEST_F(stream_door, does_not_judge_sequence_and_checksum)
{
    auto changed = hello();
    for (std::size_t const at : {4U, 7U, 10U, 11U})
        changed[at] ^= 0xff;
    ASSERT_TRUE(door.look(changed));
    EXPECT_TRUE(door.look(changed)->complete);
}

TEST_F(stream_door, admits_versions_by_setting)
{
    world.env.config.admit_v1 = false;
    world.env.config.admit_v1_bound = false;
    EXPECT_EQ(refusal(hello(wire_generation::a)), spelled(error::incompatible_version));
    EXPECT_EQ(refusal(hello(wire_generation::d1)), "none");
    world.env.config.admit_v1_bound = true;
    EXPECT_EQ(refusal(hello(wire_generation::a)), "none");
    world.env.config.admit_v2 = false;
    EXPECT_EQ(refusal(hello(wire_generation::d1)), spelled(error::incompatible_version));
}

TEST_F(stream_door, a_look_costs_nothing)
{
    EXPECT_TRUE(door.look(hello()));
    EXPECT_EQ(world.random.drawn(), 0U);
}

TEST_F(stream_door, opens_sessions_that_have_until_their_deadline)
{
    auto const deadline = time_point{} + std::chrono::hours{2};
    auto const opened = door.open(deadline);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->deadline(), deadline);
    EXPECT_FALSE(opened->facts().authenticated);
    output out;
    auto bytes_in = hello();
    EXPECT_EQ(*opened->receive(time_point{}, bytes_in, out), bytes_in.size());
    EXPECT_EQ(out.wire.frames(), 1U);
}

}  // namespace
}  // namespace gatehouse::test
