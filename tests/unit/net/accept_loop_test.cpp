// Accepting goes on whatever one accept came to.
#include "net/accept_loop.h"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <new>
#include <tuple>

namespace gatehouse::test {
namespace {

using boost::system::error_code;
using accepted = boost::asio::awaitable<std::tuple<error_code, int>, executor>;

// Has no memory for the first tries.
struct short_of_memory {
    int failures = 0;
    int asked = 0;

    accepted async_accept(decltype(awaiting) const&)
    {
        if (asked++ < failures)
            throw std::bad_alloc{};
        return connection();
    }

    static accepted connection() { co_return std::tuple{error_code{}, 7}; }
};

struct counting_server {
    explicit counting_server(boost::asio::io_context& context) : pause{context.get_executor()} {}

    bool is_accepting() const { return taken < 3; }
    short_of_memory& listening() { return source; }
    steady_timer& pause_timer() { return pause; }
    after_accept on_accept(error_code, int)
    {
        if (taken++ == 0)
            throw std::bad_alloc{};  // no memory for the connection
        return after_accept::go_on;
    }
    void on_accept_thrown() noexcept { ++thrown; }
    void on_accept_ended() noexcept { ended = true; }

    short_of_memory source;
    steady_timer pause;
    int taken = 0;
    int thrown = 0;
    bool ended = false;
};

TEST(accept_loop, goes_on_when_there_is_no_memory)
{
    boost::asio::io_context context{1};
    counting_server server{context};
    server.source.failures = 2;
    auto const began = std::chrono::steady_clock::now();
    boost::asio::co_spawn(context.get_executor(), accept_loop(server), task_ended{});
    context.run();
    EXPECT_EQ(server.taken, 3);
    EXPECT_EQ(server.thrown, 3) << "two accepts and a connection";
    EXPECT_TRUE(server.ended);
    EXPECT_GE(std::chrono::steady_clock::now() - began, 3 * net_limits::accept_pause);
}

}  // namespace
}  // namespace gatehouse::test
