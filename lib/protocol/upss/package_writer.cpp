#include "protocol/upss/package_writer.h"

#include <algorithm>
#include <array>

namespace gatehouse::upss {

namespace {

// Where text goes: counted first, then written.
class counter {
public:
    void put(char) noexcept { ++size_; }
    std::size_t size() const noexcept { return size_; }

private:
    std::size_t size_ = 0;
};

class filler {
public:
    explicit filler(mutable_bytes space) noexcept : space_{space} {}
    void put(char each) noexcept { space_[at_++] = static_cast<std::uint8_t>(each); }
    mutable_bytes skip(std::size_t size) noexcept
    {
        at_ += size;
        return space_.subspan(at_ - size, size);
    }

private:
    mutable_bytes space_;
    std::size_t at_ = 0;
};

template <class To>
void put(std::string_view text, To& to)
{
    for (char const each : text)
        to.put(each);
}

template <class To>
void put_unit(unsigned unit, To& to)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    put("\\u", to);
    for (int shift = 12; shift >= 0; shift -= 4)
        to.put(digits[unit >> shift & 0xf]);
}

template <class To>
void put_character(char32_t each, To& to)
{
    static constexpr std::string_view plain = "\"\\\n\r\t\b\f";
    static constexpr std::string_view letters = "\"\\nrtbf";
    auto const short_form = each < 0x80 ? plain.find(static_cast<char>(each)) : plain.npos;
    if (short_form != plain.npos) {
        to.put('\\');
        to.put(letters[short_form]);
    } else if (each >= 0x20 && each < 0x7f) {
        to.put(static_cast<char>(each));
    } else if (each < 0x10000) {
        put_unit(each, to);
    } else {
        put_unit(0xd800 + ((each - 0x10000) >> 10), to);
        put_unit(0xdc00 + ((each - 0x10000) & 0x3ff), to);
    }
}

constexpr char32_t replacement = 0xfffd;

// The first character of `text`, which is not empty; takes it off.
char32_t take_character(std::string_view& text) noexcept
{
    auto const first = static_cast<unsigned char>(text.front());
    std::size_t const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    static constexpr std::array<unsigned, 5> masks{0, 0x7f, 0x1f, 0x0f, 0x07};
    char32_t found = first & masks[size];
    bool good = text.size() >= size && (size == 1 || first >= 0xc2) && first < 0xf5;
    for (std::size_t i = 1; good && i < size; ++i) {
        auto const next = static_cast<unsigned char>(text[i]);
        good = (next & 0xc0) == 0x80;
        found = found << 6 | (next & 0x3f);
    }
    text.remove_prefix(good ? size : 1);
    return good && found < 0x110000 ? found : replacement;
}

template <class To>
void put_escaped(std::string_view text, To& to)
{
    while (!text.empty())
        put_character(take_character(text), to);
}

template <class To>
void put_head(package_head const& head, To& to)
{
    put(R"({"meta": "upss v0.0.1", "path": ")", to);
    put_escaped(head.path, to);
    put(R"(", "type": ")", to);
    put(head.type == package_type::send ? "SEND" : "STATUS", to);
    put(R"(", "data": {")", to);
    put(head.member, to);
    put(R"(": ")", to);
}

constexpr std::string_view ending = "\"}}";

}  // namespace

void write_package(package_head const& head, std::string_view text, wire_buffer& out)
{
    counter size;
    put_escaped(text, size);
    filler to{write_package(head, size.size(), out)};
    put_escaped(text, to);
}

mutable_bytes write_package(package_head const& head, std::size_t size, wire_buffer& out)
{
    counter before;
    put_head(head, before);
    filler to{out.frame(before.size() + size + ending.size())};
    put_head(head, to);
    auto const space = to.skip(size);
    put(ending, to);
    return space;
}

}  // namespace gatehouse::upss
