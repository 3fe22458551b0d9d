#include "target.h"

#include <utility>

namespace gatehouse::ctl {

namespace {

bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"-._~:"}.find(c) != std::string_view::npos;
}

std::string encoded(std::string_view text)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    // A segment of dots only would be a way up.
    auto const is_dots = text == "." || text == "..";
    std::string made;
    for (char const c : text) {
        if (is_plain(c) && !is_dots) {
            made += c;
            continue;
        }
        auto const value = static_cast<unsigned char>(c);
        made += {'%', digits[value >> 4U], digits[value & 0xFU]};
    }
    return made;
}

}  // namespace

target& target::segment(std::string_view name)
{
    text_ += '/' + encoded(name);
    return *this;
}

target& target::parameter(std::string_view name, std::string_view value)
{
    text_ += std::exchange(before_, '&');
    text_ += std::string{name} + '=' + encoded(value);
    return *this;
}

target& target::parameter(std::string_view name, std::optional<std::string_view> value)
{
    return value ? parameter(name, *value) : *this;
}

}  // namespace gatehouse::ctl
