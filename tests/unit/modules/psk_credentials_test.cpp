#include "../config/problem_texts.h"
#include "../config/scratch_folder.h"
#include "config/credentials.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using identity::device_id;
using testing::contains;
using testing::credential_problems_of;
using testing::expect_one_problem;
using testing::wrong_text;

// A file with one device, whose key is at line 5 and has `more` fields.
std::string file_with_key(std::string_view more)
{
    return "version: 1\ndevices:\n  \"02:00:00:00:00:01\":\n    psk:\n      - {" +
           std::string{more} + "}\n";
}

constexpr std::string_view good_key =
    "id: \"2026-11\", secret: \"hex:00112233445566778899aabbccddeeff\"";

credential_file parsed(std::string_view text)
{
    problems found;
    auto made = testing::parse_psk_file(text, found);
    EXPECT_EQ(testing::lines_of(found), std::vector<std::string>{});
    return made;
}

TEST(credential_text, becomes_a_keyring)
{
    auto const made = parsed(R"(version: 1
devices:
  "02:00:00:00:00:01":
    name: boiler 17
    session_id_bytes: 16
    psk:
      - {id: "2026-11", secret: "hex:00112233445566778899aabbccddeeff"}
      - {id: "2026-05", secret: "base64:YWFhYWFhYWFhYWFhYWFhYQ==",
         not_before: "2026-05-01T00:00:00Z", not_after: "2026-12-01T00:00:00Z"}
  "02:00:00:00:00:0A":
    psk: [{id: "2026-05", secret: "text:sixteen letters!"}]
)");
    ASSERT_TRUE(made.keyring);
    EXPECT_TRUE(made.warnings.empty());
    EXPECT_EQ(made.keyring->device_count(), 2U);
    EXPECT_EQ(made.keyring->trials(), 2U);
    EXPECT_EQ(made.keyring->key_ids(), (std::vector<std::string>{"2026-11", "2026-05"}));
    auto const boiler = made.keyring->find_listed(*device_id::parse_mac("02:00:00:00:00:01"));
    ASSERT_TRUE(boiler);
    EXPECT_EQ(boiler->name(), "boiler 17");
    EXPECT_EQ(boiler->legacy_session_id(), identity::session_id_length::sixteen);
    ASSERT_EQ(boiler->key_count(), 2U);
    EXPECT_EQ(boiler->key(0).id, 0U);
    EXPECT_EQ(boiler->key(0).value.size(), 16U);
    EXPECT_EQ(boiler->key(0).window.not_after, wall_time::max());
    EXPECT_EQ(boiler->key(1).id, 1U);
    EXPECT_EQ(as_text(boiler->key(1).value), "aaaaaaaaaaaaaaaa");
    EXPECT_EQ(
        boiler->key(1).window.not_after, std::chrono::sys_days{std::chrono::year{2026} / 12 / 1}
    );
    auto const other = made.keyring->find_listed(*device_id::parse_mac("02:00:00:00:00:0a"));
    ASSERT_TRUE(other);
    EXPECT_EQ(other->key(0).id, 1U);
    EXPECT_EQ(other->legacy_session_id(), identity::session_id_length::unknown);
    EXPECT_EQ(other->state(), identity::device_state::enabled);
}

TEST(credential_text, with_no_devices_is_an_empty_fleet)
{
    auto const made = parsed("version: 1\ndevices: {}\n");
    ASSERT_TRUE(made.keyring);
    EXPECT_EQ(made.keyring->device_count(), 0U);
    EXPECT_FALSE(made.keyring->has_wildcard());
}

class broken_credential_text : public ::testing::TestWithParam<char const*> {};

TEST_P(broken_credential_text, is_not_an_empty_fleet)
{
    auto const said = credential_problems_of(GetParam());
    EXPECT_EQ(said.size(), 1U);
    EXPECT_TRUE(contains(said, "this is a broken file, not an empty fleet"));
}

INSTANTIATE_TEST_SUITE_P(
    config,
    broken_credential_text,
    ::testing::Values("", "# nothing\n", "devices: {}\n", "version: 1\n", "version: 1\ndevices:\n")
);

TEST(credential_text, needs_version_one)
{
    auto const said = credential_problems_of("version: 2\ndevices: [no, matter]\n");
    EXPECT_EQ(said.size(), 1U);
    EXPECT_TRUE(contains(said, "keys/fleet.yaml:1:10: \"version\" must be the number 1"));
}

TEST(credential_text, of_keyed_protocols_does_not_belong_here)
{
    auto const said =
        credential_problems_of("version: 1\ngateway_keys: []\nanonymous: false\n"
                               "devices:\n  \"02:00:00:00:00:01\":\n"
                               "    public: \"hex:00\"\n    gateway_key: g2\n    from: []\n"
                               "    psk: [{id: a, secret: \"text:sixteen letters!\"}]\n");
    EXPECT_TRUE(contains(
        said, ":2:1: \"gateway_keys\" belongs to the credentials of spp (Ed25519 keys) and pssst"
    ));
    EXPECT_TRUE(contains(
        said, ":3:1: \"anonymous\" belongs to the credentials of spp (Ed25519 keys) and pssst"
    ));
    EXPECT_TRUE(contains(said, ":6:5: \"public\" belongs to devices of spp (Ed25519 keys)"));
    EXPECT_TRUE(contains(said, ":7:5: \"gateway_key\" belongs to devices of spp (Ed25519 keys)"));
    EXPECT_TRUE(contains(said, ":8:5: \"from\" belongs to devices of spp (Ed25519 keys)"));
    EXPECT_EQ(said.size(), 5U);
}

class wrong_key : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_key, is_explained)
{
    expect_one_problem(
        credential_problems_of(file_with_key(GetParam().text)),
        GetParam().said,
        "keys/fleet.yaml:5:"
    );
}

INSTANTIATE_TEST_SUITE_P(
    config,
    wrong_key,
    ::testing::Values(
        wrong_text{"secret: \"text:sixteen letters!\"", "the key \"id\" is missing here"},
        wrong_text{"id: a", "the key \"secret\" is missing here"},
        wrong_text{
            "id: \"\", secret: \"text:sixteen letters!\"", "\"id\" must be 1 to 64 printable"},
        wrong_text{
            "id: a b, secret: \"text:sixteen letters!\"", "\"id\" must be 1 to 64 printable"},
        wrong_text{"id: [a], secret: \"text:sixteen letters!\"", "not a list"},
        wrong_text{
            "id: \"hex:00\", secret: \"text:sixteen letters!\"", "the id of a key is public"},
        wrong_text{"id: a, secret: [b]", "\"secret\" must be text, not a list"},
        wrong_text{"id: a, secret: sixteen letters!", "a secret must begin with hex:"},
        wrong_text{"id: a, secret: \"file:a.key\"", "\"file:\" are not followed here"},
        wrong_text{
            "id: a, secret: \"hex:0011\"", "device 02:00:00:00:00:01 has a 2-byte key; 16 or more"},
        wrong_text{
            "id: a, secret: \"text:sixteen letters!\", not_after: soon",
            "\"not_after\" must be a time"},
        wrong_text{
            "id: a, secret: \"text:sixteen letters!\", not_before: \"2026-12-01T00:00:00Z\", "
            "not_after: "
            "\"2026-12-01T00:00:00Z\"",
            "\"not_after\" must be later than \"not_before\""},
        wrong_text{
            "id: a, secret: \"text:sixteen letters!\", not_afer: x",
            "unknown key; did you mean \"not_after\"?"},
        wrong_text{"id: a, id: b, secret: \"text:sixteen letters!\"", "duplicate key \"id\""},
        wrong_text{
            "id: a, secret: \"text:sixteen letters!\", revoked: maybe",
            "\"revoked\" must be true or false"}
    )
);

class wrong_device : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_device, is_explained)
{
    auto const text = "version: 1\ndevices:\n  " + std::string{GetParam().text} + '\n';
    expect_one_problem(credential_problems_of(text), GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(
    config,
    wrong_device,
    ::testing::Values(
        wrong_text{"meter-4: {}", ":3:3: a device must be written \"02:00:00:00:00:01\""},
        wrong_text{"\"02:00:00:00:00\": {}", "a device must be written"},
        wrong_text{"\"02-00-00-00-00-01\": {}", "a device must be written"},
        wrong_text{"\"02:00:00:00:00:01\": {}", "the key \"psk\" is missing here"},
        wrong_text{
            "\"02:00:00:00:00:01\":", "02:00:00:00:00:01 must be a map of keys, but it is empty"},
        wrong_text{
            "\"02:00:00:00:00:01\": {psk: []}", "\"psk\" must be a list of at least one key"},
        wrong_text{
            "\"02:00:00:00:00:01\": {psk: [], enabled: true, revoked: false}",
            "only a device that says \"revoked: true\" or \"enabled: false\" may have none"},
        wrong_text{
            "\"02:00:00:00:00:01\": {psk: \"hex:00\", revoked: true}", "\"psk\" must be a list"},
        wrong_text{
            "\"02:00:00:00:00:01\": {enabled: no, psk: [{id: a, secret: \"text:sixteen "
            "letters!\"}]}",
            "\"enabled\" must be true or false"},
        wrong_text{"\"02:00:00:00:00:01\": {psk: \"hex:00\"}", "\"psk\" must be a list"},
        wrong_text{
            "\"02:00:00:00:00:01\": {psk: [a]}", "a key of device 02:00:00:00:00:01 must be a map"},
        wrong_text{
            "\"02:00:00:00:00:01\": {weak: yes, psk: [{id: a, secret: \"text:sixteen letters!\"}]}",
            "\"weak\" must be one of: accept"},
        wrong_text{
            "\"02:00:00:00:00:01\": {session_id_bytes: 8, psk: [{id: a, secret: \"text:sixteen "
            "letters!\"}]}",
            "\"session_id_bytes\" must be one of: 4, 16"},
        wrong_text{
            "\"02:00:00:00:00:01\": {name: \"hex:00\", psk: [{id: a, secret: \"text:sixteen "
            "letters!\"}]}",
            "the name of a device is public"},
        wrong_text{
            "\"02:00:00:00:00:01\": {profile: v1, psk: [{id: a, secret: \"text:sixteen "
            "letters!\"}]}",
            "\"profile\" belongs to devices of array-crypto"}
    )
);

TEST(weak_key, is_admitted_with_a_warning_when_its_device_says_so)
{
    auto const made = parsed("version: 1\ndevices:\n  \"02:00:00:00:00:01\":\n    weak: accept\n"
                             "    psk: [{id: a, secret: \"text:hunter2\"}]\n");
    ASSERT_TRUE(made.keyring);
    auto const warned = testing::lines_of(made.warnings);
    ASSERT_EQ(warned.size(), 1U);
    EXPECT_TRUE(contains(warned, "keys/fleet.yaml:5:27: device 02:00:00:00:00:01 has a 7-byte key")
    );
    EXPECT_FALSE(contains(warned, "hunter2"));
}

TEST(wildcard_device, is_admitted_with_a_warning)
{
    auto const made = parsed(
        "version: 1\ndevices:\n  \"*\": {psk: [{id: a, secret: \"text:sixteen letters!\"}]}\n"
    );
    ASSERT_TRUE(made.keyring);
    EXPECT_TRUE(made.keyring->has_wildcard());
    EXPECT_EQ(made.keyring->device_count(), 0U);
    EXPECT_TRUE(contains(testing::lines_of(made.warnings), ":3:3: device \"*\" admits every device")
    );
}

TEST(secrets, are_never_shown_wherever_they_stand)
{
    constexpr std::string_view secret = "00112233445566778899aabbccddeeff";
    for (auto const* const around :
         {"@",
          "hex:@",
          "{hex:@: 1}",
          "version: hex:@",
          "version: 1\ndevices: hex:@",
          "version: 1\ndevices: {hex:@: {}}",
          "version: 1\nhex:@: 1\ndevices: {}",
          "version: 1\ndevices: {\"02:00:00:00:00:01\": hex:@}",
          "version: 1\ndevices: {\"02:00:00:00:00:01\": {hex:@}}",
          "version: 1\ndevices: {\"02:00:00:00:00:01\": {psk: hex:@}}",
          "version: 1\ndevices: {\"02:00:00:00:00:01\": {psk: [hex:@]}}",
          "version: 1\ndevices: {\"02:00:00:00:00:01\": {psk: [{id: hex:@, secret: hex:@}]}}",
          "version: 1\ndevices: {\"02:00:00:00:00:01\": {psk: [{hex:@, hex:@}]}}",
          "version: 1\ndevices: {\"02:00:00:00:00:01\": {psk: [{secret: x@, not_after: hex:@}]}}",
          "version: 1\ndevices: {\"02:00:00:00:00:01\": {name: hex:@, weak: hex:@}}",
          "version: 1\ndevices: {\"02:00:00:00:00:01\": {enabled: hex:@, revoked: hex:@}}",
          "version: 1\nderived: hex:@",
          "version: 1\nderived: [hex:@]",
          "version: 1\nderived: [{id: hex:@, master: hex:@, devices: hex:@}]",
          "version: 1\nderived: [{id: a, master: @, devices: @/24}]",
          "version: 1\nderived: [{id: a, master: \"hex:@\", devices: \"02:00:00:00:00:00/@\"}]",
          "version: 1\ndevices: {\"02:00:00:00:00:01\": {psk: [{id: a, secret: \"hex:@\\q\"}]}}"}) {
        std::string text{around};
        for (auto at = text.find('@'); at != text.npos; at = text.find('@'))
            text.replace(at, 1, secret);
        auto const said = credential_problems_of(text);
        EXPECT_FALSE(said.empty()) << around;
        EXPECT_FALSE(contains(said, secret.substr(0, 6)))
            << around << ::testing::PrintToString(said);
    }
}

TEST(credential_file_on_disk, follows_secrets_in_files_beside_it)
{
    testing::scratch_folder const folder;
    folder.write("device.key", "sixteen letters!");
    auto const file =
        folder.write("fleet.yaml", file_with_key("id: a, secret: \"file:device.key\""));
    problems found;
    auto const made = load_credentials(file, testing::some_seed(), found);
    EXPECT_EQ(testing::lines_of(found), std::vector<std::string>{});
    ASSERT_TRUE(made.keyring);
    auto const device = made.keyring->find_listed(*device_id::parse_mac("02:00:00:00:00:01"));
    ASSERT_TRUE(device);
    EXPECT_EQ(as_text(device->key(0).value), "sixteen letters!");
    ASSERT_EQ(made.files.size(), 1U);
    EXPECT_TRUE(made.files[0].ends_with("/device.key"));
}

TEST(credential_file_on_disk, must_be_private)
{
    testing::scratch_folder const folder;
    auto const file = folder.write("fleet.yaml", file_with_key(good_key), 0640);
    problems found;
    EXPECT_FALSE(load_credentials(file, testing::some_seed(), found).keyring);
    EXPECT_EQ(
        testing::lines_of(found),
        std::vector<std::string>{
            file +
            ":1:1: the credential file is open to other users (mode 0640); close it with: chmod "
            "600 " +
            file}
    );
}

TEST(credential_file_on_disk, names_files_that_are_not_there_too)
{
    testing::scratch_folder const folder;
    auto const file =
        folder.write("fleet.yaml", file_with_key("id: a, secret: \"file:device.key\""));
    problems found;
    auto const made = load_credentials(file, testing::some_seed(), found);
    EXPECT_FALSE(made.keyring);
    EXPECT_EQ(found.size(), 1U);
    EXPECT_EQ(made.files.size(), 1U);
}

TEST(credential_file_on_disk, keeps_the_indexes_of_key_ids)
{
    testing::scratch_folder const folder;
    auto const file = folder.write("fleet.yaml", file_with_key(good_key));
    problems found;
    auto seed = testing::some_seed();
    seed.key_ids = {"2024-11", "2026-11", "2025-11"};
    auto const made = load_credentials(file, std::move(seed), found);
    ASSERT_TRUE(made.keyring);
    EXPECT_EQ(made.keyring->key_ids(), (std::vector<std::string>{"2024-11", "2026-11", "2025-11"}));
    auto const device = made.keyring->find_listed(*device_id::parse_mac("02:00:00:00:00:01"));
    ASSERT_TRUE(device);
    EXPECT_EQ(device->key(0).id, 1U);
}

TEST(credential_file_on_disk, adds_to_problems_that_were_there)
{
    problems found{{"other", 1, 1, "something"}};
    auto const made = testing::parse_psk_file(file_with_key(good_key), found);
    EXPECT_TRUE(made.keyring);
    EXPECT_EQ(found.size(), 1U);
}

}  // namespace

}  // namespace gatehouse::config
