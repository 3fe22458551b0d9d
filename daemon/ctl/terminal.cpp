#include "terminal.h"

#include "base/environment.h"

#include <charconv>

#include <sys/ioctl.h>
#include <unistd.h>

namespace gatehouse::ctl {

namespace {

::winsize size_of(int descriptor) noexcept
{
    ::winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0)
        return {};
    return size;
}

std::string styled(std::string_view code, std::string_view text, look wanted)
{
    if (wanted == look::plain)
        return std::string{text};
    return "\x1b[" + std::string{code} + 'm' + std::string{text} + "\x1b[0m";
}

}  // namespace

stream_kind kind_of(int descriptor) noexcept
{
    return ::isatty(descriptor) == 1 ? stream_kind::terminal : stream_kind::other;
}

look look_of(int descriptor) noexcept
{
    auto const is_plain = kind_of(descriptor) != stream_kind::terminal ||
                          !environment("NO_COLOR").empty() || environment("TERM") == "dumb";
    return is_plain ? look::plain : look::coloured;
}

std::size_t columns_of(int descriptor) noexcept
{
    auto const set = environment("COLUMNS");
    std::size_t columns = 0;
    auto const [stopped, wrong] = std::from_chars(set.data(), set.data() + set.size(), columns);
    if (wrong == std::errc{} && stopped == set.data() + set.size() && columns > 0)
        return columns;
    return size_of(descriptor).ws_col;
}

std::size_t lines_of(int descriptor) noexcept
{
    return size_of(descriptor).ws_row;
}

std::string alarming(std::string_view text, look wanted)
{
    return styled("1;31", text, wanted);
}

std::string bold(std::string_view text, look wanted)
{
    return styled("1", text, wanted);
}

}  // namespace gatehouse::ctl
