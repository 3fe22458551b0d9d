#include "protocol/lifetime.h"
#include "protocol/usmp/environment.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr time_point start = time_point{} + 1h;
constexpr wall_time wall{1000h};

usmp::settings limits_of(duration idle, duration age)
{
    usmp::settings made;
    made.idle_timeout = idle;
    made.max_session_age = age;
    return made;
}

TEST(lifetime, ends_by_idleness)
{
    lifetime life{{}, wall, start};
    auto const config = limits_of(60s, 24h);
    EXPECT_EQ(life.started(), start);
    EXPECT_EQ(life.deadline(config, 0), start + 60s);
    EXPECT_TRUE(life.check(config, start + 59'999ms, 0));
    EXPECT_EQ(life.check(config, start + 60s, 0), error::limit_idle_time);
    life.heard(start + 50s);
    EXPECT_EQ(life.deadline(config, 0), start + 110s);
    EXPECT_TRUE(life.check(config, start + 109s, 0));
    EXPECT_EQ(life.check(config, start + 110s, 0), error::limit_idle_time);
}

TEST(lifetime, ends_by_age_however_busy)
{
    lifetime life{{}, wall, start};
    auto const config = limits_of(60s, 100s);
    life.heard(start + 99s);
    EXPECT_EQ(life.deadline(config, 0), start + 100s);
    EXPECT_TRUE(life.check(config, start + 99s, 0));
    EXPECT_EQ(life.check(config, start + 100s, 0), error::limit_session_age);
}

TEST(lifetime, ends_with_its_key)
{
    lifetime life{{wall - 1h, wall + 40s}, wall, start};
    auto const config = limits_of(60s, 24h);
    EXPECT_EQ(life.deadline(config, 0), start + 40s);
    EXPECT_TRUE(life.check(config, start + 39s, 0));
    EXPECT_EQ(life.check(config, start + 40s, 0), error::unproven_expired_key);
}

TEST(lifetime, the_key_is_named_before_age_and_idleness)
{
    lifetime const life{{wall - 1h, wall + 10s}, wall, start};
    EXPECT_EQ(life.check(limits_of(10s, 10s), start + 10s, 0), error::unproven_expired_key);
    lifetime const other{{}, wall, start};
    EXPECT_EQ(other.check(limits_of(10s, 10s), start + 10s, 0), error::limit_session_age);
}

TEST(lifetime, a_key_may_be_good_for_ever_or_nearly)
{
    using namespace std::chrono;
    for (auto const until : {wall_time::max(), wall_time{sys_days{year{9999} / 12 / 31}}}) {
        lifetime const life{{wall_time::min(), until}, wall, start};
        EXPECT_EQ(life.deadline(limits_of(60s, 24h), 0), start + 60s);
        EXPECT_TRUE(life.check(limits_of(9999h, 9999h), start + 9000h, 0));
    }
}

TEST(lifetime, follows_its_keys_window)
{
    lifetime life{{wall - 1h, wall + 40s}, wall, start};
    auto const config = limits_of(60s, 24h);
    life.set_key_window({wall - 1h, wall + 30s}, wall + 10s, start + 10s);
    EXPECT_EQ(life.deadline(config, 0), start + 30s);
    EXPECT_EQ(life.check(config, start + 30s, 0), error::unproven_expired_key);
    life.set_key_window({}, wall + 10s, start + 10s);
    EXPECT_EQ(life.deadline(config, 0), start + 60s);
    life.set_key_window({wall, wall + 10s}, wall + 10s, start + 10s);
    EXPECT_EQ(life.check(config, start + 10s, 0), error::unproven_expired_key);
    life.set_key_window({wall + 11s, wall + 1h}, wall + 10s, start + 10s);
    EXPECT_EQ(life.check(config, start + 10s, 0), error::unproven_expired_key);
}

TEST(lifetime, limits_may_be_for_ever)
{
    lifetime const life{{}, wall, start};
    auto const config = limits_of(duration::max(), duration::max());
    EXPECT_EQ(life.deadline(config, 0), never);
    EXPECT_TRUE(life.check(config, never - 1ns, 0));
}

TEST(lifetime, its_draw_makes_the_age_up_to_a_tenth_shorter_and_never_longer)
{
    lifetime const life{{}, wall, start};
    auto const config = limits_of(9999h, 100s);
    EXPECT_EQ(life.deadline(config, 0), start + 100s);
    auto before = life.deadline(config, 0);
    for (unsigned draw = 1; draw < 65536; draw += 4369) {
        auto const due = life.deadline(config, static_cast<age_draw>(draw));
        EXPECT_LT(due, before);
        EXPECT_EQ(life.check(config, due, static_cast<age_draw>(draw)), error::limit_session_age);
        EXPECT_TRUE(life.check(config, due - 1ns, static_cast<age_draw>(draw)));
        before = due;
    }
    EXPECT_GE(life.deadline(config, 65535), start + 90s);
    EXPECT_LT(life.deadline(config, 65535), start + 90s + 10ms);
}

TEST(lifetime, its_draw_leaves_idleness_and_the_keys_end_alone)
{
    lifetime const idle{{}, wall, start};
    EXPECT_EQ(idle.deadline(limits_of(60s, 24h), 65535), start + 60s);
    lifetime const expiring{{wall - 1h, wall + 40s}, wall, start};
    EXPECT_EQ(expiring.deadline(limits_of(60s, 24h), 65535), start + 40s);
}

TEST(lifetime, a_draw_of_for_ever_is_for_ever_enough)
{
    lifetime const life{{}, wall, start};
    auto const config = limits_of(duration::max(), duration::max());
    EXPECT_TRUE(life.check(config, start + 1'000'000h, 65535));
}

}  // namespace
}  // namespace gatehouse::test
