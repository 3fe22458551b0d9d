#include "backend/json_text.h"

#include "base/base64.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace gatehouse::backend {

namespace {

// Room that most records need, made at once.
constexpr std::size_t usual_size = 512;

bool is_plain(char c) noexcept
{
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '"' && c != '\\';
}

// What a character that may not stand for itself is written as.
struct escape {
    std::array<char, 6> text{};
    std::size_t size = 0;
};

escape escape_of(char c) noexcept
{
    static constexpr std::string_view digits = "0123456789abcdef";
    auto const code = static_cast<unsigned char>(c);
    switch (c) {
    case '"':
        return {{'\\', '"'}, 2};
    case '\\':
        return {{'\\', '\\'}, 2};
    case '\n':
        return {{'\\', 'n'}, 2};
    case '\r':
        return {{'\\', 'r'}, 2};
    case '\t':
        return {{'\\', 't'}, 2};
    default:
        return {{'\\', 'u', '0', '0', digits[code >> 4], digits[code & 0x0f]}, 6};
    }
}

}  // namespace

json_object::json_object(buffer& out, std::string_view type) : out_{out}, at_{out.size()}
{
    out_.resize(at_ + usual_size);
    put("{\"type\":\"");
    put(type);
    put("\"");
}

// The next `size` bytes, to be filled at once.
std::uint8_t* json_object::claim(std::size_t size)
{
    if (out_.size() - at_ < size)
        out_.resize(at_ + size + usual_size);
    auto* const start = out_.data() + at_;
    at_ += size;
    return start;
}

void json_object::put(std::string_view text)
{
    auto* const to = claim(text.size());
    if (!text.empty())
        std::memcpy(to, text.data(), text.size());
}

void json_object::put_escaped(std::string_view text)
{
    while (!text.empty()) {
        auto const special = std::find_if_not(text.begin(), text.end(), is_plain);
        auto const run = static_cast<std::size_t>(special - text.begin());
        put(text.substr(0, run));
        if (special == text.end())
            return;
        auto const written = escape_of(*special);
        put({written.text.data(), written.size});
        text.remove_prefix(run + 1);
    }
}

void json_object::put_key(std::string_view name)
{
    put(",\"");
    put(name);
    put("\":");
}

json_object& json_object::text(std::string_view key, std::string_view value)
{
    put_key(key);
    put("\"");
    put_escaped(value);
    put("\"");
    return *this;
}

json_object& json_object::plain(std::string_view key, std::string_view value)
{
    put_key(key);
    put("\"");
    put(value);
    put("\"");
    return *this;
}

json_object& json_object::raw(std::string_view key, std::string_view value)
{
    put_key(key);
    put(value);
    return *this;
}

json_object& json_object::is_not(std::string_view key)
{
    put_key(key);
    put("false");
    return *this;
}

json_object& json_object::number(std::string_view key, std::uint64_t value)
{
    put_key(key);
    std::array<char, 20> digits{};
    auto const done = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    put({digits.data(), done.ptr});
    return *this;
}

json_object& json_object::base64(std::string_view key, bytes value)
{
    put_key(key);
    put("\"");
    auto const size = base64_size(value.size());
    to_base64(value, {claim(size), size});
    put("\"");
    return *this;
}

void json_object::end()
{
    put("}\n");
    out_.resize(at_);
}

}  // namespace gatehouse::backend
