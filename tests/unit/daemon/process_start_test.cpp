// What the end of a program is explained with.
#include "../../../daemon/process_start.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

#include <sys/resource.h>

namespace gatehouse::test {
namespace {

std::system_error const no_thread{
    std::make_error_code(std::errc::resource_unavailable_try_again), "thread"};

TEST(explain_end, says_what_is_wanting)
{
    EXPECT_EQ(explain_end(std::bad_alloc{}), "out of memory");
    EXPECT_EQ(explain_end(no_thread), "a thread cannot be made, for want of memory or threads");
    EXPECT_EQ(explain_end(std::runtime_error{"as it is"}), "as it is");
}

TEST(explain_end, names_the_limits_that_may_be_why)
{
    ::rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_DATA, &before), 0);
    auto limited = before;
    limited.rlim_cur = ::rlim_t{1} << 50;
    ASSERT_EQ(::setrlimit(RLIMIT_DATA, &limited), 0);
    auto const memory = explain_end(std::bad_alloc{});
    auto const thread = explain_end(no_thread);
    auto const other = explain_end(std::runtime_error{"as it is"});
    ::setrlimit(RLIMIT_DATA, &before);
    EXPECT_EQ(memory, "out of memory; RLIMIT_DATA of this process is 1125899906842624 bytes");
    EXPECT_NE(thread.find("RLIMIT_DATA"), std::string::npos) << thread;
    EXPECT_EQ(other, "as it is");
}

}  // namespace
}  // namespace gatehouse::test
