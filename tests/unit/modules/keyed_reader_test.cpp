// Credential files of keyed protocols: gateway keys and devices by public key.
#include "../config/problem_texts.h"
#include "base/hex.h"
#include "modules/keyed_credentials.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::config {

namespace {

using identity::device_id;
using identity::key_kind;
using testing::contains;
using testing::expect_one_problem;
using testing::wrong_text;

// RFC 8032, 7.1, tests 1 and 2; RFC 7748, 6.1.
constexpr std::string_view seed_1 =
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr std::string_view ed25519_1 =
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
constexpr std::string_view seed_2 =
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr std::string_view ed25519_2 =
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr std::string_view ed25519_3 =
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
constexpr std::string_view bob_private =
    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
constexpr std::string_view bob_public =
    "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";

struct reading {
    credential_file made;
    problems found;
};

reading read(std::string_view text, credential_kind const* kind)
{
    no_secret_files files;
    reading done;
    done.made =
        parse_credentials(text, "keys/fleet.yaml", testing::some_seed(kind), files, done.found);
    EXPECT_EQ(done.made.keyring == nullptr, !done.found.empty());
    return done;
}

std::shared_ptr<identity::keyring const> ring_of(
    std::string_view text, credential_kind const* kind = &ed25519_credentials()
)
{
    auto done = read(text, kind);
    EXPECT_EQ(testing::lines_of(done.found), std::vector<std::string>{});
    return done.made.keyring;
}

std::vector<std::string> said_of(
    std::string_view text, credential_kind const* kind = &ed25519_credentials()
)
{
    return testing::lines_of(read(text, kind).found);
}

// "${name}" of the keys above.
std::string filled(std::string_view text)
{
    std::string made{text};
    for (auto const& [name, value] : {
             std::pair{"$SEED1", seed_1},
             std::pair{"$SEED2", seed_2},
             std::pair{"$KEY1", ed25519_1},
             std::pair{"$KEY2", ed25519_2},
             std::pair{"$KEY3", ed25519_3},
             std::pair{"$BOBPRIVATE", bob_private},
             std::pair{"$BOB", bob_public},
         })
        for (auto at = made.find(name); at != made.npos; at = made.find(name))
            made.replace(at, std::string_view{name}.size(), value);
    return made;
}

// Line 2 is the gateway key g1, line 4 the device with `more` fields.
std::string with_device(std::string_view more, std::string_view name = "meter-4")
{
    return filled(
        "version: 1\ngateway_keys: [{id: g1, private: \"hex:$SEED1\"}]\ndevices:\n  \"" +
        std::string{name} + "\": {" + std::string{more} + "}\n"
    );
}

// Line 2 is the gateway key with these fields.
std::string with_gateway_key(std::string_view fields)
{
    return filled("version: 1\ngateway_keys: [{" + std::string{fields} + "}]\ndevices: {}\n");
}

TEST(keyed_credentials, become_a_keyring)
{
    auto const ring = ring_of(filled(R"(version: 1
gateway_keys:
  - {id: "g2", private: "hex:$SEED2"}
  - {id: "g1", private: "hex:$SEED1", not_after: "2030-01-01T00:00:00Z"}
devices:
  meter-4: {public: "hex:$KEY3", gateway_key: "g2", name: the 4th, from: ["10.1.0.0/16"]}
  meter-9: {public: "base64:3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08="}
  meter-10: {revoked: true}
)"));
    ASSERT_TRUE(ring);
    EXPECT_EQ(ring->kind(), key_kind::ed25519);
    EXPECT_EQ(ring->key_ids(), (std::vector<std::string>{"g2", "g1"}));
    ASSERT_EQ(ring->gateway_keys().size(), 2U);
    auto const& old = ring->gateway_keys()[1];
    EXPECT_EQ(to_hex(old.public_key), ed25519_1);
    EXPECT_EQ(to_hex(old.private_key.expose()), seed_1);
    EXPECT_NE(old.window.not_after, wall_time::max());

    auto const meter = device_id::from_name("meter-4");
    auto const listed = ring->find_listed(meter).value();
    EXPECT_EQ(listed.name(), "the 4th");
    ASSERT_EQ(listed.key_count(), 1U);
    EXPECT_EQ(listed.key(0).id, 0U);
    EXPECT_EQ(to_hex(listed.key(0).value), ed25519_3);

    auto const other = ring->find_listed(device_id::from_name("meter-9")).value();
    ASSERT_EQ(other.key_count(), 2U) << "one for each gateway key, newest first";
    EXPECT_EQ(other.key(0).id, 0U);
    EXPECT_EQ(other.key(1).window, old.window);
    EXPECT_EQ(ring->peers().size(), 2U);
    EXPECT_EQ(ring->peer_sources().most(), 2U);
    EXPECT_EQ(ring->find_listed(device_id::from_name("meter-10"))->key_count(), 0U);
    EXPECT_FALSE(ring->anonymous());
}

TEST(keyed_credentials, of_pssst_may_admit_anonymous_requests)
{
    auto const text = filled("version: 1\ngateway_keys: [{id: g, private: \"hex:$BOBPRIVATE\"}]\n"
                             "devices: {}\nanonymous: true\n");
    auto const ring = ring_of(text, &x25519_credentials());
    ASSERT_TRUE(ring);
    EXPECT_TRUE(ring->anonymous());
    EXPECT_EQ(to_hex(ring->gateway_keys().front().public_key), bob_public);
    EXPECT_TRUE(ring->peer_key(identity::anonymous_device(), 0));
    EXPECT_TRUE(contains(said_of(text), ":4:12: spp knows no anonymous devices"));
}

TEST(keyed_credentials, that_nobody_uses_are_read_by_their_content)
{
    EXPECT_EQ(ring_of(with_device("public: \"hex:$KEY2\""), nullptr)->kind(), key_kind::ed25519);
    EXPECT_EQ(
        ring_of(
            filled("version: 1\ngateway_keys: [{id: g, private: \"hex:$SEED1\"}]\ndevices: {}\n"
                   "anonymous: false\n"),
            nullptr
        )
            ->kind(),
        key_kind::x25519
    );
    EXPECT_EQ(ring_of("version: 1\ndevices: {}\n", nullptr)->kind(), key_kind::psk);
}

TEST(keyed_credentials, that_are_pre_shared_keys_do_not_belong_here)
{
    auto const said = said_of("version: 1\ndevices:\n  meter-4:\n"
                              "    psk: [{id: a, secret: \"text:sixteen letters!\"}]\n"
                              "derived: []\n");
    EXPECT_TRUE(contains(said, ":1:1: the key \"gateway_keys\" is missing"));
    EXPECT_TRUE(contains(said, ":4:5: \"psk\" belongs to devices of usmp"));
    EXPECT_TRUE(contains(said, ":4:5: the key \"public\" is missing here"));
    EXPECT_TRUE(contains(said, ":5:1: \"derived\" belongs to the credentials of usmp"));
    EXPECT_EQ(said.size(), 4U) << ::testing::PrintToString(said);
}

TEST(keyed_credentials, without_devices_are_a_broken_file)
{
    auto const said =
        said_of(filled("version: 1\ngateway_keys: [{id: g, private: \"hex:$SEED1\"}]\n"));
    EXPECT_EQ(said.size(), 1U);
    EXPECT_TRUE(contains(said, "this is a broken file, not an empty fleet"));
}

class wrong_gateway_key : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_gateway_key, is_explained)
{
    expect_one_problem(
        said_of(with_gateway_key(GetParam().text)), GetParam().said, "keys/fleet.yaml:2:"
    );
}

INSTANTIATE_TEST_SUITE_P(
    config,
    wrong_gateway_key,
    ::testing::Values(
        wrong_text{"private: \"hex:$SEED1\"", "the key \"id\" is missing here"},
        wrong_text{"id: g1", "the key \"private\" is missing here"},
        wrong_text{
            "id: g1, private: \"hex:00\"", "a private key of 1 bytes; it must be the 32 raw"},
        wrong_text{"id: g1, private: \"text:$SEED1\"", "a private key is 32 raw bytes and no text"},
        wrong_text{
            "id: g1, private: \"hex:$SEED1\", public: x", "unknown key; known here: id, private"},
        wrong_text{"id: g1, private: \"hex:$SEED1\", revoked: maybe", "\"revoked\" must be"},
        wrong_text{"id: g1, private: \"hex:$SEED1\", not_after: tomorrow", "\"not_after\" must be"},
        wrong_text{
            "id: g1, private: \"hex:$SEED1\"}, {id: g1, private: \"hex:$SEED2\"",
            "two gateway keys have the id \"g1\""},
        wrong_text{
            "id: g1, private: \"hex:$SEED1\"}, {id: g2, private: \"hex:$SEED1\"",
            "this is the same key as \"g1\""}
    )
);

TEST(keyed_credentials, have_at_least_one_gateway_key_and_at_most_eight)
{
    EXPECT_TRUE(contains(
        said_of("version: 1\ngateway_keys: []\ndevices: {}\n"),
        ":2:15: \"gateway_keys\" must be a list of at least one key"
    ));
    std::string keys;
    for (char digit = '1'; digit <= '9'; ++digit)
        keys += std::string{digit == '1' ? "" : "}, {"} + "id: g" + digit +
                ", private: \"hex:" + std::string(64, digit) + '"';
    auto const said = said_of(with_gateway_key(keys));
    EXPECT_EQ(said.size(), 1U) << ::testing::PrintToString(said);
    EXPECT_TRUE(contains(said, "more than 8 gateway keys; remove the oldest"));
}

class wrong_keyed_device : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_keyed_device, is_explained)
{
    expect_one_problem(
        said_of(with_device(GetParam().text)), GetParam().said, "keys/fleet.yaml:4:"
    );
}

INSTANTIATE_TEST_SUITE_P(
    config,
    wrong_keyed_device,
    ::testing::Values(
        wrong_text{"name: x", "the key \"public\" is missing here"},
        wrong_text{"public: \"hex:00\"", "a public key of 1 bytes; one of Ed25519 has 32"},
        wrong_text{"public: \"hex:0g\"", "\"public\" must be the device's Ed25519 public key"},
        wrong_text{"public: \"text:$KEY2\"", "\"public\" must be the device's Ed25519 public key"},
        wrong_text{"public: \"$KEY2\"", "\"public\" must be the device's Ed25519 public key"},
        wrong_text{"public: [x]", "\"public\" must be the device's Ed25519 public key"},
        wrong_text{"public: \"hex:$KEY1\"", "this is the public half of a gateway key"},
        wrong_text{
            "public: \"hex:0100000000000000000000000000000000000000000000000000000000000000\"",
            "it has small order"},
        wrong_text{
            "public: \"hex:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f\"",
            "another spelling"},
        wrong_text{
            "public: \"hex:$KEY2\", gateway_key: g11",
            "\"gateway_key\" names no key of \"gateway_keys\"; did you mean \"g1\"?"},
        wrong_text{"public: \"hex:$KEY2\", colour: blue", "unknown key"},
        wrong_text{"public: \"hex:$KEY2\", enabled: maybe", "\"enabled\" must be"},
        wrong_text{"public: \"hex:$KEY2\", weak: accept", "\"weak\" belongs to devices of usmp"},
        wrong_text{
            "public: \"hex:$KEY2\", profile: v1", "\"profile\" belongs to devices of array-crypto"},
        wrong_text{"public: \"hex:$KEY2\", from: []", "\"from\" must be a list"},
        wrong_text{"public: \"hex:$KEY2\", from: \"10.0.0.0/8\"", "\"from\" must be a list"},
        wrong_text{"public: \"hex:$KEY2\", from: [\"10.0.0.1/8\"]", "a range of \"from\" must be"},
        wrong_text{"public: \"hex:$KEY2\", from: [home]", "a range of \"from\" must be"}
    )
);

TEST(keyed_devices, are_named_by_what_can_stand_everywhere)
{
    for (auto const& [name, said] : {
             std::pair{"*", "there is no wildcard here"},
             std::pair{"02:00:00:00:00:01", "this is the form of a USMP device id"},
             std::pair{"anonymous", "is reserved"},
             std::pair{"a meter", "without spaces, quotes, backslash or slash"},
             std::pair{"a/b", "without spaces, quotes, backslash or slash"},
             std::pair{"hex:00", "without spaces, quotes, backslash or slash"},
         }) {
        auto const lines = said_of(with_device("public: \"hex:$KEY2\"", name));
        EXPECT_EQ(lines.size(), 1U) << name;
        EXPECT_TRUE(contains(lines, said)) << ::testing::PrintToString(lines);
        EXPECT_TRUE(contains(lines, "keys/fleet.yaml:4:3")) << ::testing::PrintToString(lines);
    }
}

TEST(keyed_devices, stand_once_and_have_keys_of_their_own)
{
    auto const said = said_of(
        with_device("public: \"hex:$KEY2\"") + filled("  meter-4: {public: \"hex:$KEY3\"}\n"
                                                      "  meter-5: {public: \"hex:$KEY2\"}\n")
    );
    EXPECT_EQ(said.size(), 2U) << ::testing::PrintToString(said);
    EXPECT_TRUE(contains(said, ":5:3: device meter-4 stands in line 4 already"));
    EXPECT_TRUE(contains(said, ":6:21: this public key stands in line 4 already"));
}

TEST(keyed_devices, of_pssst_are_not_known_by_keys_with_several_spellings)
{
    auto const said = [](std::string_view key) {
        return said_of(
            filled("version: 1\ngateway_keys: [{id: g, private: \"hex:$BOBPRIVATE\"}]\ndevices:\n"
                   "  meter-4: {public: \"hex:") +
                std::string{key} + "\"}\n",
            &x25519_credentials()
        );
    };
    std::string high_bit{ed25519_3};
    high_bit[62] = 'a';
    EXPECT_TRUE(contains(said(high_bit), "its highest bit is set"));
    EXPECT_TRUE(contains(said("ed" + std::string(60, 'f') + "7f"), "not below 2^255-19"));
    EXPECT_TRUE(contains(said(std::string(64, '0')), "it has low order"));
    EXPECT_TRUE(contains(said(bob_public), "this is the public half of a gateway key"));
    EXPECT_TRUE(said(ed25519_3).empty());
}

TEST(keyed_devices, of_pssst_need_no_ranges)
{
    auto const said = said_of(
        with_device("public: \"hex:$KEY3\", from: [\"10.0.0.0/8\"]"), &x25519_credentials()
    );
    EXPECT_TRUE(contains(said, "\"from\" is for devices of spp"));
}

TEST(keyed_devices, never_stand_in_a_complaint_with_their_keys)
{
    auto const key = std::string{ed25519_2};
    for (auto const& line : said_of(with_device("public: \"$KEY2\", gateway_key: \"$KEY2\"")))
        EXPECT_EQ(line.find(key.substr(0, 8)), line.npos) << line;
}

}  // namespace

}  // namespace gatehouse::config
