#include "screen.h"

#include "output.h"
#include "terminal.h"

#include <array>
#include <csignal>
#include <string>
#include <string_view>

#include <unistd.h>

namespace gatehouse::ctl {

namespace {

constexpr std::string_view begin_text = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view end_text = "\x1b[?25h\x1b[?1049l";
constexpr std::array<int, 3> ending{SIGINT, SIGTERM, SIGHUP};

[[noreturn]] void leave(int signal)
{
    ::_exit(signal == SIGINT ? 0 : 128 + signal);
}

void restore_and_leave(int signal)
{
    static_cast<void>(write_all(STDOUT_FILENO, end_text));
    leave(signal);
}

void handle(void (*how)(int))
{
    struct ::sigaction action {};
    action.sa_handler = how;
    for (int const each : ending)
        ::sigaction(each, &action, nullptr);
}

}  // namespace

void end_quietly_when_interrupted()
{
    struct ::sigaction action {};
    action.sa_handler = leave;
    ::sigaction(SIGINT, &action, nullptr);
}

screen::screen()
{
    handle(restore_and_leave);
    print(begin_text);
}

screen::~screen()
{
    static_cast<void>(write_all(STDOUT_FILENO, end_text));
    handle(SIG_DFL);
}

void screen::draw(std::string_view text)
{
    static constexpr std::string_view line_end = "\x1b[K\n";
    auto const height = lines_of(STDOUT_FILENO);
    std::string drawn{"\x1b[H"};
    for (std::size_t line = 1; !text.empty(); ++line) {
        auto const end = text.find('\n');
        if (height != 0 && line + 1 >= height &&
            text.find('\n', end + 1) != std::string_view::npos) {
            drawn += "(more lines than the terminal has)\x1b[K";
            break;
        }
        drawn += text.substr(0, end);
        drawn += line_end;
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    print(drawn + "\x1b[J");
}

}  // namespace gatehouse::ctl
