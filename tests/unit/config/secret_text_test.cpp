#include "config/secret_text.h"
#include "scratch_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

namespace gatehouse::config {

namespace {

std::string complaint_about(std::string_view text, secret_files& files)
{
    auto const value = parse_secret(text, files, any_length);
    auto const* const why = std::get_if<std::string>(&value);
    return why == nullptr ? "" : *why;
}

std::string complaint_about(std::string_view text)
{
    no_secret_files none;
    return complaint_about(text, none);
}

std::string characters_of(std::string_view text, secret_files& files)
{
    auto const value = parse_secret(text, files, any_length);
    auto const* const secret = std::get_if<secret_bytes>(&value);
    return secret == nullptr ? "(none)" : std::string{as_text(secret->expose())};
}

std::string characters_of(std::string_view text)
{
    no_secret_files none;
    return characters_of(text, none);
}

// Sets CREDENTIALS_DIRECTORY for one test.
class credentials_directory {
public:
    explicit credentials_directory(std::string const& path)
    {
        if (auto const* const was = std::getenv("CREDENTIALS_DIRECTORY"))
            before_ = was;
        ::setenv("CREDENTIALS_DIRECTORY", path.c_str(), 1);
    }
    ~credentials_directory()
    {
        if (before_)
            ::setenv("CREDENTIALS_DIRECTORY", before_->c_str(), 1);
        else
            ::unsetenv("CREDENTIALS_DIRECTORY");
    }
    credentials_directory(credentials_directory const&) = delete;
    credentials_directory& operator=(credentials_directory const&) = delete;

private:
    std::optional<std::string> before_;
};

TEST(secret_text, is_written_in_three_forms)
{
    EXPECT_EQ(characters_of("hex:616263"), "abc");
    EXPECT_EQ(characters_of("hex:4A4b"), "JK");
    EXPECT_EQ(characters_of("base64:YWI="), "ab");
    EXPECT_EQ(characters_of("text:hex:00 and more"), "hex:00 and more");
}

TEST(secret_text, is_refused_in_any_other_form)
{
    for (auto const* const wrong : {"", "00112233", "hex", "HEX:00", " hex:00", "plain:abc"})
        EXPECT_EQ(
            complaint_about(wrong),
            "a secret must begin with hex:, base64:, text:, file: or credential:"
        ) << wrong;
    for (auto const* const wrong : {"hex:0", "hex:0g", "hex:00 11", "hex:0x00"})
        EXPECT_NE(complaint_about(wrong).find("behind \"hex:\""), std::string::npos) << wrong;
    for (auto const* const wrong : {"base64:YWI", "base64:YW I", "base64:Y===", "base64:YWJ_"})
        EXPECT_NE(complaint_about(wrong).find("behind \"base64:\""), std::string::npos) << wrong;
}

TEST(secret_text, is_neither_empty_nor_huge)
{
    for (auto const* const empty : {"hex:", "base64:", "text:"})
        EXPECT_EQ(complaint_about(empty), "the secret is empty") << empty;
    EXPECT_EQ(complaint_about("text:" + std::string(largest_secret, 'x')), "");
    EXPECT_EQ(
        complaint_about("text:" + std::string(largest_secret + 1, 'x')),
        "the secret is longer than 4096 bytes"
    );
}

TEST(secret_text, is_never_shown)
{
    for (auto const* const wrong : {"hex:hunter2", "base64:hunter2", "hunter2", "password:hunter2"})
        EXPECT_EQ(complaint_about(wrong).find("hunter2"), std::string::npos) << wrong;
}

TEST(secret_text, follows_no_files_unless_told_to)
{
    EXPECT_NE(complaint_about("file:/etc/hostname"), "");
    EXPECT_NE(complaint_about("credential:key"), "");
}

TEST(secret_file, stands_beside_the_credential_file)
{
    testing::scratch_folder const folder;
    folder.write("device.key", "raw\x01 bytes");
    folder.write("line.key", "hex:616263\n");
    secret_files_on_disk files{folder.path("fleet.yaml")};
    EXPECT_EQ(characters_of("file:device.key", files), "raw\x01 bytes");
    EXPECT_EQ(characters_of("file:" + folder.path("device.key"), files), "raw\x01 bytes");
    EXPECT_EQ(characters_of("file:line.key", files), "abc");
    auto const notes = files.take_notes();
    ASSERT_EQ(notes.size(), 3U);
    EXPECT_EQ(notes[0].form, key_file_form::raw);
    EXPECT_EQ(notes[2].form, key_file_form::hex);
    EXPECT_EQ(notes[2].size, 3U);
    EXPECT_EQ(notes[2].path, folder.path("line.key"));
}

TEST(secret_file, that_cannot_be_meant_is_named_without_its_content)
{
    testing::scratch_folder const folder;
    folder.write("device.key", "hunter2hunter2\n");
    secret_files_on_disk files{folder.path("fleet.yaml")};
    auto const why = complaint_about("file:device.key", files);
    EXPECT_NE(why.find("\"device.key\" holds a line of text without a prefix"), why.npos) << why;
    EXPECT_EQ(why.find("hunter2"), why.npos);
}

TEST(secret_file, must_be_private_and_bounded)
{
    testing::scratch_folder const folder;
    folder.write("open.key", "0123456789abcdef", 0644);
    folder.write("large.key", std::string(largest_key_file + 1, 'x'));
    folder.write("long.key", std::string(largest_secret + 1, 'x'));
    folder.write("empty.key", "");
    secret_files_on_disk files{folder.path("fleet.yaml")};
    auto const open = complaint_about("file:open.key", files);
    EXPECT_NE(
        open.find("the secret's file \"open.key\" is open to other users (mode 0644)"), open.npos
    );
    EXPECT_EQ(open.find("0123456789abcdef"), open.npos);
    EXPECT_NE(
        complaint_about("file:large.key", files).find("is larger than 8208 bytes"), open.npos
    );
    EXPECT_NE(complaint_about("file:long.key", files).find("is longer than 4096 bytes"), open.npos);
    EXPECT_NE(complaint_about("file:empty.key", files).find("is empty"), open.npos);
    EXPECT_NE(complaint_about("file:absent.key", files).find("No such file"), open.npos);
    EXPECT_NE(complaint_about("file:", files), "");
}

TEST(secret_file, is_not_named_when_its_name_looks_like_the_secret_itself)
{
    testing::scratch_folder const folder;
    credentials_directory const set{folder.path("")};
    secret_files_on_disk files{folder.path("fleet.yaml")};
    std::string const digits = "00112233445566778899aAbBcCdDeEfF";
    for (std::string const prefix : {"file:", "credential:"}) {
        auto const said = complaint_about(prefix + digits, files);
        EXPECT_EQ(said.find(digits), said.npos) << said;
        EXPECT_NE(said.find("write hex:"), said.npos) << said;
        EXPECT_NE(said.find("No such file"), said.npos) << said;
    }
}

TEST(service_credential_secret, comes_from_the_directory_in_the_environment)
{
    testing::scratch_folder const folder;
    folder.write("fleet-key", "0123456789abcdef", 0440);
    credentials_directory const set{folder.path("")};
    secret_files_on_disk files{"elsewhere/fleet.yaml"};
    EXPECT_EQ(characters_of("credential:fleet-key", files), "0123456789abcdef");
    EXPECT_NE(complaint_about("credential:absent", files), "");
}

TEST(service_credential_secret, is_a_name_and_not_a_path)
{
    testing::scratch_folder const folder;
    credentials_directory const set{folder.path("")};
    secret_files_on_disk files{"fleet.yaml"};
    for (auto const* const wrong :
         {"credential:", "credential:..", "credential:../a", "credential:a/b"})
        EXPECT_EQ(
            complaint_about(wrong, files),
            "behind \"credential:\" a name without a slash must stand"
        ) << wrong;
}

TEST(service_credential_secret, needs_the_environment)
{
    credentials_directory const set{""};
    secret_files_on_disk files{"fleet.yaml"};
    EXPECT_NE(
        complaint_about("credential:a", files).find("CREDENTIALS_DIRECTORY"), std::string::npos
    );
}

TEST(text_that_looks_like_a_secret, begins_with_one_of_the_forms)
{
    EXPECT_TRUE(looks_like_secret("hex:00"));
    EXPECT_TRUE(looks_like_secret("base64:AA=="));
    EXPECT_TRUE(looks_like_secret("text:a"));
    EXPECT_FALSE(looks_like_secret("2026-11"));
}

}  // namespace

}  // namespace gatehouse::config
