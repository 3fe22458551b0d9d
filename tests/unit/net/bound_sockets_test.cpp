#include "net/bound_sockets.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

namespace gatehouse {

namespace {

bool is_open(int handle)
{
    return ::fcntl(handle, F_GETFD) >= 0;
}

TEST(bound_sockets, are_closed_together_when_nobody_keeps_them)
{
    auto sockets = std::make_shared<bound_sockets>(
        config::transport::tcp, config::endpoint{"127.0.0.1", 0}, nullptr
    );
    int const first = ::dup(0);
    int const second = ::dup(0);
    sockets->add(first);
    sockets->add(second);
    {
        socket_use const use{sockets, 1};
        EXPECT_EQ(use.handle(), second);
        sockets.reset();
        EXPECT_TRUE(is_open(first) && is_open(second));
    }
    EXPECT_FALSE(is_open(first) || is_open(second));
}

TEST(bound_sockets, tell_when_the_last_use_ends)
{
    int told = 0;
    auto const sockets =
        std::make_shared<bound_sockets>(config::transport::udp, config::endpoint{"::", 0}, [&] {
            ++told;
        });
    sockets->add(::dup(0));
    EXPECT_FALSE(sockets->used());
    socket_use one{sockets, 0};
    {
        socket_use const other{sockets, 0};
        EXPECT_TRUE(one.is_of(other));
        EXPECT_TRUE(sockets->used());
    }
    EXPECT_EQ(told, 0);
    socket_use moved{std::move(one)};
    one.end();
    EXPECT_EQ(told, 0);
    moved.end();
    moved.end();
    EXPECT_EQ(told, 1);
    EXPECT_FALSE(sockets->used());
}

TEST(bound_sockets, keep_what_was_wanted_beside_what_was_got)
{
    bound_sockets sockets{config::transport::tcp, {"::1", 0}, nullptr};
    sockets.bound_to("[::1]:40000", 40'000);
    EXPECT_EQ(sockets.wanted().port, 0);
    EXPECT_EQ(sockets.at().port, 40'000);
    EXPECT_TRUE(sockets.is_v6());
}

}  // namespace

}  // namespace gatehouse
