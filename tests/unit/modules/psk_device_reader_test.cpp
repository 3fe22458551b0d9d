#include "../config/problem_texts.h"
#include "config/credentials.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using identity::device_id;
using identity::device_state;
using testing::contains;
using testing::credential_problems_of;

TEST(device, stands_once_whatever_its_case)
{
    auto const said = credential_problems_of(
        "version: 1\ndevices:\n"
        "  \"02:00:00:00:00:0a\": {psk: [{id: a, secret: \"text:sixteen letters!\"}]}\n"
        "  \"02:00:00:00:00:0A\": {psk: [{id: a, secret: \"text:sixteen letters!\"}]}\n"
        "  \"*\": {psk: [{id: a, secret: \"text:sixteen letters!\"}]}\n"
        "  \"*\": {psk: [{id: a, secret: \"text:sixteen letters!\"}]}\n"
    );
    EXPECT_EQ(said.size(), 2U);
    EXPECT_TRUE(contains(said, ":4:3: device 02:00:00:00:00:0a stands in line 3 already"));
    EXPECT_TRUE(contains(said, ":6:3: device * stands in line 5 already"));
}

TEST(device, has_each_key_id_once)
{
    auto const said =
        credential_problems_of("version: 1\ndevices:\n  \"02:00:00:00:00:01\":\n    psk:\n"
                               "      - {id: a, secret: \"text:sixteen letters!\"}\n"
                               "      - {id: a, secret: \"text:sixteen letters?\"}\n");
    EXPECT_EQ(said.size(), 1U);
    EXPECT_TRUE(contains(said, ":6:9: device 02:00:00:00:00:01 has two keys with the id \"a\""));
}

TEST(device, has_a_bounded_number_of_keys)
{
    std::string text = "version: 1\ndevices:\n  \"02:00:00:00:00:01\":\n    psk:\n";
    for (std::size_t i = 0; i <= identity::most_device_keys; ++i)
        text += "      - {id: k" + std::to_string(i) + ", secret: \"text:sixteen letters!\"}\n";
    auto const said = credential_problems_of(text);
    EXPECT_EQ(said.size(), 1U);
    EXPECT_TRUE(contains(said, ":69:9: device 02:00:00:00:00:01 has more than 64 keys"));
}

TEST(device, may_be_shut_out)
{
    constexpr std::string_view text = R"(version: 1
devices:
  "02:00:00:00:00:01": {enabled: false, psk: [{id: a, secret: "text:sixteen letters!"}]}
  "02:00:00:00:00:02": {enabled: false, psk: []}
  "02:00:00:00:00:03": {revoked: true}
  "02:00:00:00:00:04":
    psk: [{id: b, secret: "text:sixteen letters!"}, {id: a, secret: "text:sixteen letters?", revoked: true}]
  "*": {enabled: false}
)";
    problems found;
    auto const made = testing::parse_psk_file(text, found);
    ASSERT_TRUE(made.keyring) << ::testing::PrintToString(testing::lines_of(found));
    EXPECT_TRUE(made.warnings.empty()) << "a wildcard that admits nobody is no danger";
    auto const entry = [&](std::string_view mac) {
        return made.keyring->find_listed(*device_id::parse_mac(mac)).value();
    };
    EXPECT_EQ(entry("02:00:00:00:00:01").state(), device_state::disabled);
    EXPECT_EQ(entry("02:00:00:00:00:01").key(0).mark, identity::key_mark::disabled);
    EXPECT_EQ(entry("02:00:00:00:00:02").state(), device_state::disabled);
    EXPECT_EQ(entry("02:00:00:00:00:03").state(), device_state::revoked);
    EXPECT_EQ(entry("02:00:00:00:00:04").state(), device_state::enabled);
    EXPECT_EQ(entry("02:00:00:00:00:04").key(0).mark, identity::key_mark::accepted);
    EXPECT_EQ(entry("02:00:00:00:00:04").key(1).mark, identity::key_mark::revoked);
}

}  // namespace

}  // namespace gatehouse::config
