#include "base/hex.h"
#include "base/key_file.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace gatehouse::test {
namespace {

std::string const digits = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
std::string const groups = "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=";
std::string const raw = [] {
    auto const bytes = from_hex(digits);
    return std::string{bytes->begin(), bytes->end()};
}();

// What a file was taken for and the key in it, or why it was refused.
struct outcome {
    std::string taken;
    std::string key;
    std::string why;
};

outcome read(std::string_view content, key_length wanted)
{
    auto const got = read_key_file(content, wanted);
    if (auto const* why = std::get_if<std::string>(&got))
        return {.taken = {}, .key = {}, .why = *why};
    auto const& key = std::get<key_from_file>(got);
    auto const value = key.value.expose();
    return {describe(key.form, value.size()), std::string{value.begin(), value.end()}, {}};
}

void expect_key(
    std::string_view content, key_length wanted, std::string_view key, std::string_view taken
)
{
    auto const got = read(content, wanted);
    EXPECT_EQ(got.why, "") << content;
    EXPECT_EQ(got.key, key) << content;
    EXPECT_EQ(got.taken, taken) << content;
}

void expect_refused(std::string_view content, key_length wanted, std::string_view because)
{
    auto const got = read(content, wanted);
    EXPECT_NE(got.why.find(because), got.why.npos) << content << " -> " << got.why << got.taken;
}

TEST(key_file, holds_raw_bytes)
{
    expect_key(raw, length_of_32, raw, "32 raw bytes");
    expect_key(raw, any_length, raw, "32 raw bytes");
    expect_key(raw + '\n', any_length, raw + '\n', "33 raw bytes");
    expect_key(std::string("\0", 1), any_length, std::string("\0", 1), "1 raw byte");
}

TEST(key_file, holds_one_line_with_a_prefix)
{
    for (std::string const end : {"", "\n", "\r\n"})
        for (auto const wanted : {length_of_32, any_length}) {
            expect_key("hex:" + digits + end, wanted, raw, "32 bytes written behind hex:");
            expect_key("base64:" + groups + end, wanted, raw, "32 bytes written behind base64:");
        }
    expect_key(
        "text:sixteen letters!\n", any_length, "sixteen letters!", "16 bytes written behind text:"
    );
    expect_key("text:hex:00", any_length, "hex:00", "6 bytes written behind text:");
}

TEST(key_file, may_hold_raw_bytes_that_begin_like_a_prefix)
{
    auto const content = "hex:" + raw.substr(0, 28);
    expect_key(content, length_of_32, content, "32 raw bytes");
}

TEST(key_file, of_characters_is_taken_as_they_are_and_says_so)
{
    auto const taken = "32 raw bytes, all of them characters";
    std::string const letters(32, 'k');
    expect_key(letters, length_of_32, letters, taken);
    expect_key(letters, any_length, letters, taken);
    expect_key(digits.substr(0, 32), length_of_32, digits.substr(0, 32), taken);
}

TEST(key_file, without_its_prefix_is_told_which_to_write)
{
    for (std::string const end : {"", "\n", "\r\n"})
        for (auto const wanted : {length_of_32, any_length}) {
            expect_refused(
                digits + end, wanted, "64 hexadecimal digits without a prefix; write hex: "
            );
            expect_refused(groups + end, wanted, "write base64: in front");
        }
    expect_refused(digits.substr(0, 32), any_length, "write hex: ");
    expect_refused("correct horse battery staple\n", any_length, "write text: in front");
    expect_refused(std::string(31, 'k') + '\n', length_of_32, "32 raw bytes are wanted");
}

TEST(key_file, of_several_lines_is_none)
{
    expect_refused("hex:" + digits + "\n\n", length_of_32, "several lines");
    expect_refused("hex:" + digits + "\nhex:" + digits + "\n", any_length, "several lines");
    expect_refused("# a key\nhex:" + digits + "\n", any_length, "several lines");
}

TEST(key_file, is_pem_where_that_is_wanted)
{
    std::string const text = "-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n";
    expect_key(text, any_pem, text, std::to_string(text.size()) + " bytes of PEM");
    expect_refused("", any_pem, "is empty");
    expect_refused("hex:00", any_pem, "is not PEM");
    expect_refused(std::string(1, '\x30') + "DER", any_pem, "is not PEM");
    expect_refused(text + std::string(largest_secret, '\n'), any_pem, "is longer than");
}

TEST(key_file, is_no_pem)
{
    auto const pem = [](std::string const& what) {
        return "-----BEGIN " + what + "-----\nMC4CAQAwBQYDK2Vw\n-----END " + what + "-----\n";
    };
    expect_refused(pem("PRIVATE KEY"), length_of_32, "openssl pkey -in FILE");
    expect_refused(pem("PUBLIC KEY"), length_of_32, "openssl pkey -pubin");
    expect_refused(pem("OPENSSH PRIVATE KEY"), length_of_32, "32 raw bytes");
    expect_refused(pem("PRIVATE KEY"), any_length, "is PEM");
}

TEST(key_file, of_another_length_is_told_which)
{
    expect_refused(raw.substr(1), length_of_32, "holds 31 bytes; 32 raw bytes are wanted");
    expect_refused(raw + '\n', length_of_32, "the last byte is a line feed");
    expect_refused('\x30' + std::string(15, '\0') + raw, length_of_32, "tail -c 32");
    expect_refused(
        "hex:" + digits.substr(2), length_of_32, "holds 31 bytes written behind hex:; 32"
    );
    expect_refused("text:" + std::string(32, 'x'), length_of_32, "no text");
}

TEST(key_file, with_a_broken_line_says_how_it_is_written)
{
    expect_refused("hex:" + digits.substr(1), length_of_32, "even number");
    expect_refused("hex: " + digits, any_length, "even number");
    expect_refused("base64:" + groups.substr(1), any_length, "groups of four");
    expect_refused("hex:\n", any_length, "the secret is empty");
    expect_refused("file:other.key\n", any_length, "names another file");
    expect_refused("\xef\xbb\xbfhex:" + digits, any_length, "byte order mark");
}

TEST(key_file, is_neither_empty_nor_huge)
{
    expect_refused("", any_length, "is empty");
    expect_key(
        std::string(largest_secret, '\x01'),
        any_length,
        std::string(largest_secret, '\x01'),
        "4096 raw bytes"
    );
    expect_refused(std::string(largest_secret + 1, '\x01'), any_length, "longer than 4096 bytes");
    std::string line = "hex:";
    for (std::size_t i = 0; i < largest_secret; ++i)
        line += "01";
    EXPECT_LE(line.size() + 2, largest_key_file);
    expect_key(
        line + "\r\n",
        any_length,
        std::string(largest_secret, '\x01'),
        "4096 bytes written behind hex:"
    );
}

TEST(key_file, is_never_shown)
{
    for (auto const& content :
         {digits, groups + "\n", "hex:" + digits.substr(1), "text:" + digits, "hunter2\n" + digits})
        for (auto const& part :
             {digits.substr(8, 16), groups.substr(8, 16), std::string{"hunter2"}})
            EXPECT_EQ(read(content, length_of_32).why.find(part), std::string::npos) << content;
}

}  // namespace
}  // namespace gatehouse::test
