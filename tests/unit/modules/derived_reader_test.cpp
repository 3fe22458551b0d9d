// The `derived` of a credential file: fleets whose keys come from masters.
#include "../config/problem_texts.h"
#include "config/credentials.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using identity::device_id;
using testing::contains;
using testing::credential_problems_of;
using testing::expect_one_problem;
using testing::wrong_text;

constexpr std::string_view good_master =
    "id: m3, master: \"text:a master key of 32 bytes, or more\", "
    "devices: \"02:00:00:00:00:00/24\"";

std::string file_with_master(std::string_view fields)
{
    return "version: 1\nderived:\n  - {" + std::string{fields} + "}\n";
}

std::shared_ptr<identity::keyring const> parsed(std::string_view text)
{
    problems found;
    auto made = testing::parse_psk_file(text, found);
    EXPECT_EQ(testing::lines_of(found), std::vector<std::string>{});
    return made.keyring;
}

TEST(derived, needs_no_devices)
{
    auto const ring = parsed(file_with_master(good_master));
    ASSERT_TRUE(ring);
    EXPECT_EQ(ring->device_count(), 0U);
    ASSERT_EQ(ring->masters().size(), 1U);
    EXPECT_EQ(ring->masters()[0].devices.text(), "02:00:00:00:00:00/24");
    EXPECT_EQ(ring->masters()[0].window, identity::key_window{});
    EXPECT_EQ(ring->key_ids(), std::vector<std::string>{"m3"});
    auto const device = *device_id::parse_mac("02:00:00:00:00:01");
    auto const key = ring->derived_for(device, 0);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->size(), 32U);
}

TEST(derived, has_generations_windows_and_exceptions)
{
    auto const ring = parsed(R"(version: 1
derived:
  - {id: m2, master: "text:the newer master key of 32 bytes", devices: "02:00:00:00:00:00/24"}
  - {id: m1, master: "text:the older master key of 32 bytes", devices: "00:00:00:00:00:00/0",
     not_before: "2026-01-01T00:00:00Z", not_after: "2026-12-01T00:00:00Z"}
  - {id: m0, master: "text:one devices master key, 32 bytes", devices: "02:00:00:00:00:0a/48"}
devices:
  "02:00:00:00:00:01": {psk: [{id: own, secret: "text:sixteen letters!"}]}
  "02:00:00:00:00:02": {revoked: true, psk: []}
)");
    ASSERT_TRUE(ring);
    EXPECT_EQ(ring->device_count(), 2U);
    EXPECT_EQ(ring->trials(), 3U);
    ASSERT_EQ(ring->masters().size(), 3U);
    EXPECT_EQ(ring->key_ids(), (std::vector<std::string>{"own", "m2", "m1", "m0"}));
    EXPECT_EQ(ring->masters()[0].id, 1U);
    EXPECT_EQ(ring->masters()[1].devices.text(), "00:00:00:00:00:00/0");
    EXPECT_EQ(
        ring->masters()[1].window.not_after, std::chrono::sys_days{std::chrono::year{2026} / 12 / 1}
    );
}

// The fields of a master; @master and @range stand for good ones.
std::string filled_in(std::string_view fields)
{
    std::string text{fields};
    auto const replace = [&](std::string_view what, std::string_view with) {
        if (auto const at = text.find(what); at != text.npos)
            text.replace(at, what.size(), with);
    };
    replace("@master", "master: \"text:a master key of 32 bytes, or more\"");
    replace("@range", "devices: \"02:00:00:00:00:00/24\"");
    return text;
}

class wrong_master : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_master, is_explained)
{
    expect_one_problem(
        credential_problems_of(file_with_master(filled_in(GetParam().text))),
        GetParam().said,
        "keys/fleet.yaml:3:"
    );
}

INSTANTIATE_TEST_SUITE_P(
    config,
    wrong_master,
    ::testing::Values(
        wrong_text{"@master, @range", "the key \"id\" is missing here"},
        wrong_text{"id: a, @range", "the key \"master\" is missing here"},
        wrong_text{"id: a, @master", "the key \"devices\" is missing here"},
        wrong_text{"id: \"hex:00\", @master, @range", "the id of a key is public"},
        wrong_text{"id: a, master: [b], @range", "\"master\" must be text, not a list"},
        wrong_text{"id: a, master: b, @range", "a secret must begin with hex:"},
        wrong_text{
            "id: a, master: \"text:a master key of only 31 bytes..\", @range",
            ":21: a master of 31 bytes; 32 or more are needed"},
        wrong_text{"id: a, @master, devices: [x]", "\"devices\" must be a range such as \"02:00:"},
        wrong_text{"id: a, @master, devices: \"02:00:00/24\"", "\"devices\" must be a range"},
        wrong_text{
            "id: a, @master, devices: \"02:00:00:00:00:0A\"",
            "lacks the number of leading bits that all devices share: \"02:00:00:00:00:0a/24\" is"},
        wrong_text{
            "id: a, @master, devices: \"02:00:00:00:00:0A/\"", "a number from 0 to 48 must stand"},
        wrong_text{
            "id: a, @master, devices: \"02:00:00:00:00:00/49\"",
            "a number from 0 to 48 must stand"},
        wrong_text{
            "id: a, @master, devices: \"02:00:00:00:00:00/024\"",
            "a number from 0 to 48 must stand"},
        wrong_text{
            "id: a, @master, devices: \"02:00:00:01:00:00/24\"",
            "must be zero behind its first 24 bits; did you mean \"02:00:00:00:00:00/24\"?"},
        wrong_text{"id: a, @master, @range, not_after: soon", "\"not_after\" must be a time"},
        wrong_text{
            "id: a, @master, @range, not_before: \"2026-12-01T00:00:00Z\", "
            "not_after: \"2026-12-01T00:00:00Z\"",
            "\"not_after\" must be later than \"not_before\""},
        wrong_text{"id: a, @master, @range, secret: x", "unknown key"}
    )
);

TEST(derived, is_a_list_of_masters)
{
    for (auto const* const text :
         {"version: 1\nderived:\n",
          "version: 1\nderived: []\n",
          "version: 1\nderived: {}\n",
          "version: 1\ndevices: {}\nderived: x\n"}) {
        auto const said = credential_problems_of(text);
        EXPECT_EQ(said.size(), 1U) << text;
        EXPECT_TRUE(contains(said, "\"derived\" must be a list of at least one master")) << text;
    }
    EXPECT_TRUE(contains(
        credential_problems_of("version: 1\nderived: [x]\n"),
        ":2:11: a master of \"derived\" must be a map"
    ));
}

TEST(derived, has_each_id_once)
{
    auto const line = "  - {" + std::string{good_master} + "}\n";
    auto const said = credential_problems_of("version: 1\nderived:\n" + line + line);
    EXPECT_EQ(said.size(), 1U);
    EXPECT_TRUE(contains(said, ":4:10: a master with the id \"m3\" stands in line 3 already"));
}

TEST(derived, has_a_bounded_number_of_generations)
{
    std::string text = "version: 1\nderived:\n";
    auto const add = [&](int number, std::string_view range) {
        text += "  - {id: m" + std::to_string(number) +
                ", master: \"text:a master key of 32 bytes, or more\", devices: \"" +
                std::string{range} + "\"}\n";
    };
    for (int i = 0; i < 8; ++i)
        add(i, i % 2 == 0 ? "02:00:00:00:00:00/24" : "02:00:00:00:00:00/32");
    for (int i = 8; i < 20; ++i)
        add(i, "04:00:00:00:0" + std::to_string(i % 8) + ":00/40");
    EXPECT_EQ(parsed(text)->trials(), 8U);
    auto wider = text;
    text += "  - {id: more, master: \"text:a master key of 32 bytes, or more\", devices: "
            "\"02:00:00:00:01:00/40\"}\n";
    auto const said = credential_problems_of(text);
    EXPECT_EQ(said.size(), 1U);
    EXPECT_TRUE(contains(said, ":23:"));
    EXPECT_TRUE(contains(said, "more than 8 masters cover the same devices"));
    wider += "  - {id: more, master: \"text:a master key of 32 bytes, or more\", devices: "
             "\"00:00:00:00:00:00/4\"}\n";
    EXPECT_TRUE(
        contains(credential_problems_of(wider), "more than 8 masters cover the same devices")
    );
}

}  // namespace

}  // namespace gatehouse::config
