#include "net/stderr_sink.h"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace gatehouse::log {

namespace {

// A small pipe in the place of standard error, as long as it lives.
class small_pipe {
public:
    static constexpr int size = 16384;  // four pages: a pipe that has a free one is writable

    small_pipe()
    {
        std::signal(SIGPIPE, SIG_IGN);
        EXPECT_EQ(::pipe2(ends_.data(), O_NONBLOCK), 0);
        EXPECT_EQ(::fcntl(ends_[1], F_SETPIPE_SZ, size), size);
        ::dup2(ends_[1], STDERR_FILENO);
    }
    ~small_pipe()
    {
        ::dup2(kept_, STDERR_FILENO);
        ::close(kept_);
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    small_pipe(small_pipe const&) = delete;
    small_pipe& operator=(small_pipe const&) = delete;

    std::string read() const
    {
        std::string all;
        std::array<char, 8192> some{};
        for (;;) {
            auto const got = ::read(ends_[0], some.data(), some.size());
            if (got <= 0)
                return all;
            all.append(some.data(), static_cast<std::size_t>(got));
        }
    }
    void lose_reader()
    {
        ::close(ends_[0]);
        ends_[0] = -1;
    }

private:
    std::array<int, 2> ends_{};
    int kept_ = ::dup(STDERR_FILENO);
};

std::string notice(std::uint64_t lines)
{
    return std::to_string(lines) + " lost";
}

void log_to(stderr_sink& sink, std::string const& line)
{
    sink.log({"", spdlog::level::info, {line.data(), line.size()}});
}

TEST(stderr_lines, a_line_that_was_cut_is_not_glued_to_the_next)
{
    small_pipe const out;
    stderr_lines lines;
    lines.stop_waiting();
    std::string const longer(small_pipe::size + 100, 'x');
    EXPECT_FALSE(lines.write(longer));
    EXPECT_EQ(out.read(), longer.substr(0, small_pipe::size));
    EXPECT_TRUE(lines.write("next"));
    EXPECT_TRUE(lines.write("and next"));
    EXPECT_EQ(out.read(), "\nnext\nand next\n");
}

TEST(stderr_lines, a_reader_that_has_gone_is_no_success)
{
    small_pipe out;
    stderr_lines lines;
    out.lose_reader();
    EXPECT_FALSE(lines.write("nobody"));
}

TEST(stderr_sink, counts_each_lost_line_once_and_says_how_many_are_missing)
{
    small_pipe const out;
    stderr_lines lines;
    lines.stop_waiting();
    stderr_sink sink{lines, notice};
    log_to(sink, "first");
    EXPECT_EQ(sink.lost(), 0U);
    EXPECT_EQ(out.read(), "first\n");

    std::string const filling(small_pipe::size - 1, 'x');
    EXPECT_TRUE(lines.write(filling));
    log_to(sink, "second");
    log_to(sink, "third");
    EXPECT_EQ(sink.lost(), 2U);

    EXPECT_EQ(out.read(), filling + '\n');
    log_to(sink, "fourth");
    EXPECT_EQ(out.read(), "2 lost\nfourth\n");
    log_to(sink, "fifth");
    EXPECT_EQ(out.read(), "fifth\n");
    EXPECT_EQ(sink.lost(), 2U);
}

TEST(stderr_sink, two_of_them_tell_of_their_own_lines_only)
{
    small_pipe const out;
    stderr_lines lines;
    lines.stop_waiting();
    stderr_sink one{lines, notice};
    stderr_sink other{lines, notice};
    std::string const filling(small_pipe::size - 1, 'x');
    EXPECT_TRUE(lines.write(filling));
    log_to(one, "lost");
    EXPECT_EQ(out.read(), filling + '\n');
    log_to(other, "other");
    EXPECT_EQ(out.read(), "other\n");
    log_to(one, "one");
    EXPECT_EQ(out.read(), "1 lost\none\n");
}

}  // namespace

}  // namespace gatehouse::log
