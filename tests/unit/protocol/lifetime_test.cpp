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
    EXPECT_EQ(life.deadline(config), start + 60s);
    EXPECT_TRUE(life.check(config, start + 59'999ms));
    EXPECT_EQ(life.check(config, start + 60s), error::limit_idle_time);
    life.heard(start + 50s);
    EXPECT_EQ(life.deadline(config), start + 110s);
    EXPECT_TRUE(life.check(config, start + 109s));
    EXPECT_EQ(life.check(config, start + 110s), error::limit_idle_time);
}

TEST(lifetime, ends_by_age_however_busy)
{
    lifetime life{{}, wall, start};
    auto const config = limits_of(60s, 100s);
    life.heard(start + 99s);
    EXPECT_EQ(life.deadline(config), start + 100s);
    EXPECT_TRUE(life.check(config, start + 99s));
    EXPECT_EQ(life.check(config, start + 100s), error::limit_session_age);
}

TEST(lifetime, ends_with_its_key)
{
    lifetime life{{wall - 1h, wall + 40s}, wall, start};
    auto const config = limits_of(60s, 24h);
    EXPECT_EQ(life.deadline(config), start + 40s);
    EXPECT_TRUE(life.check(config, start + 39s));
    EXPECT_EQ(life.check(config, start + 40s), error::unproven_expired_key);
}

TEST(lifetime, the_key_is_named_before_age_and_idleness)
{
    lifetime const life{{wall - 1h, wall + 10s}, wall, start};
    EXPECT_EQ(life.check(limits_of(10s, 10s), start + 10s), error::unproven_expired_key);
    lifetime const other{{}, wall, start};
    EXPECT_EQ(other.check(limits_of(10s, 10s), start + 10s), error::limit_session_age);
}

TEST(lifetime, a_key_may_be_good_for_ever_or_nearly)
{
    using namespace std::chrono;
    for (auto const until : {wall_time::max(), wall_time{sys_days{year{9999} / 12 / 31}}}) {
        lifetime const life{{wall_time::min(), until}, wall, start};
        EXPECT_EQ(life.deadline(limits_of(60s, 24h)), start + 60s);
        EXPECT_TRUE(life.check(limits_of(9999h, 9999h), start + 9000h));
    }
}

TEST(lifetime, follows_its_keys_window)
{
    lifetime life{{wall - 1h, wall + 40s}, wall, start};
    auto const config = limits_of(60s, 24h);
    life.set_key_window({wall - 1h, wall + 30s}, wall + 10s, start + 10s);
    EXPECT_EQ(life.deadline(config), start + 30s);
    EXPECT_EQ(life.check(config, start + 30s), error::unproven_expired_key);
    life.set_key_window({}, wall + 10s, start + 10s);
    EXPECT_EQ(life.deadline(config), start + 60s);
    life.set_key_window({wall, wall + 10s}, wall + 10s, start + 10s);
    EXPECT_EQ(life.check(config, start + 10s), error::unproven_expired_key);
    life.set_key_window({wall + 11s, wall + 1h}, wall + 10s, start + 10s);
    EXPECT_EQ(life.check(config, start + 10s), error::unproven_expired_key);
}

TEST(lifetime, limits_may_be_for_ever)
{
    lifetime const life{{}, wall, start};
    auto const config = limits_of(duration::max(), duration::max());
    EXPECT_EQ(life.deadline(config), never);
    EXPECT_TRUE(life.check(config, never - 1ns));
}

}  // namespace
}  // namespace gatehouse::test
