#include "protocol/usmp/stream_door.h"
#include "support/reference_device.h"
#include "support/usmp_fixture.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using verdict = first_look::verdict;

class stream_door : public testing::Test {
protected:
    byte_string hello(wire_generation generation = wire_generation::d3) const
    {
        return reference_device{usual_device(generation)}.hello();
    }

    // A hello with one byte changed, cut to `size`.
    first_look look_with(std::size_t at, std::uint8_t value, std::size_t size) const
    {
        auto changed = hello();
        changed[at] = value;
        return door.look(bytes{changed}.first(size));
    }

    void expect_refused(first_look const& seen, error why) const
    {
        EXPECT_EQ(seen.what, verdict::refused);
        EXPECT_EQ(describe(seen.why), describe(why));
    }

    usmp_world world{{}};
    usmp::stream_door door{world.env};
};

TEST_F(stream_door, waits_for_the_whole_hello)
{
    auto const whole = hello();
    EXPECT_EQ(whole.size(), door.hello_limit());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(door.look(bytes{whole}.first(size)).what, verdict::incomplete) << size;
    auto const seen = door.look(whole);
    EXPECT_EQ(seen.what, verdict::hello);
    EXPECT_EQ(seen.device.text(), usual_mac);
}

TEST_F(stream_door, what_follows_the_hello_does_not_matter)
{
    auto more = hello();
    append(more, text_bytes("garbage"));
    EXPECT_EQ(door.look(more).what, verdict::hello);
}

TEST_F(stream_door, refuses_at_the_first_byte_that_tells)
{
    expect_refused(door.look(text_bytes("G")), error::malformed_magic);
    expect_refused(door.look(text_bytes("\xcd\xac")), error::malformed_magic);
    expect_refused(door.look(byte_string(1, 0)), error::malformed_magic);
}

TEST_F(stream_door, refuses_other_headers_without_waiting_for_more)
{
    for (int type = 0; type < 256; ++type)
        if (type != wire_type::hello)
            expect_refused(
                look_with(3, static_cast<std::uint8_t>(type), 12), error::malformed_type
            );
    expect_refused(look_with(8, 0, 12), error::malformed_length);
    expect_refused(look_with(8, 37, 12), error::malformed_length);
    expect_refused(look_with(8, 39, 12), error::malformed_length);
    expect_refused(look_with(8, 54, 12), error::malformed_length);  // the cookie is for datagrams
    expect_refused(look_with(9, 2, 12), error::malformed_oversize);
}

// The log line names the device that should be updated.
TEST_F(stream_door, refuses_other_versions_and_says_whose)
{
    for (int version = 0; version < 256; ++version) {
        auto const seen = look_with(2, static_cast<std::uint8_t>(version), door.hello_limit());
        if (version == 1 || version == 2) {
            EXPECT_EQ(seen.what, verdict::hello);
            continue;
        }
        expect_refused(seen, error::incompatible_version);
        EXPECT_EQ(seen.device.text(), usual_mac);
    }
    // What else such a hello may look like is not ours to know.
    auto changed = hello();
    changed[2] = 3;
    changed[8] = 70;
    expect_refused(door.look(bytes{changed}.first(12)), error::incompatible_version);
}

TEST_F(stream_door, does_not_judge_sequence_and_checksum)
{
    auto changed = hello();
    for (std::size_t const at : {4U, 7U, 10U, 11U})
        changed[at] ^= 0xff;
    EXPECT_EQ(door.look(changed).what, verdict::hello);
}

TEST_F(stream_door, admits_versions_by_setting)
{
    world.env.config.admit_v1 = false;
    world.env.config.admit_v1_bound = false;
    expect_refused(door.look(hello(wire_generation::a)), error::incompatible_version);
    EXPECT_EQ(door.look(hello(wire_generation::d1)).what, verdict::hello);
    world.env.config.admit_v1_bound = true;
    EXPECT_EQ(door.look(hello(wire_generation::a)).what, verdict::hello);
    world.env.config.admit_v2 = false;
    expect_refused(door.look(hello(wire_generation::d1)), error::incompatible_version);
}

TEST_F(stream_door, a_look_costs_nothing)
{
    EXPECT_EQ(door.look(hello()).what, verdict::hello);
    EXPECT_EQ(world.random.drawn(), 0U);
}

TEST_F(stream_door, opens_sessions_that_have_until_their_deadline)
{
    auto const deadline = time_point{} + std::chrono::hours{2};
    auto const opened = door.open(deadline, {});
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
