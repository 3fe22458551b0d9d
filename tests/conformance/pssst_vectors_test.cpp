// Every recorded PSSST packet, with exact bytes in both directions.
#include "device/pssst_device.h"
#include "protocol/pssst/key_schedule.h"
#include "protocol/pssst/request.h"
#include "support/pssst_vectors.h"
#include "support/readable_error.h"
#include "support/scripted_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace gatehouse::test {
namespace {

using crypto::x25519_private;
using crypto::x25519_public;

x25519_public point(byte_string const& raw)
{
    x25519_public made{};
    std::copy_n(raw.begin(), made.size(), made.begin());
    return made;
}

x25519_private scalar(byte_string const& raw)
{
    return x25519_private::from(bytes{raw}.first<crypto::x25519_size>());
}

byte_string secret_bytes_of(auto const& secret)
{
    return copy_of(secret.expose());
}

class pssst_vectors_test : public testing::Test {
protected:
    // The packet is destroyed, as it is by a gateway; the message points into it.
    result<pssst::opened_request> open(byte_string& packet, std::string const& keyset)
    {
        auto const& keys = file.keysets.at(keyset);
        crypto::x25519_agreement own{scalar(keys.server_private), point(keys.server_public)};
        auto const head = pssst::parse_request(packet);
        if (!head)
            return head.error();
        return pssst::open_request(bench, own, *head, packet);
    }

    result<device::pssst_request> pack(pssst_recorded_request const& recorded)
    {
        auto const& keys = file.keysets.at(recorded.keyset);
        scripted_random random{recorded.ephemeral_private};
        auto const gateway = point(keys.server_public);
        if (!recorded.client_public)
            return device::pssst_device{bench, gateway}.request(random, recorded.message);
        auto const own =
            device::pssst_device::with_key(bench, gateway, scalar(keys.client_private));
        return own->request(random, recorded.message);
    }

    byte_string digest_of(bytes data)
    {
        auto const made = bench.sha256.compute({data});
        return copy_of(made);
    }

    // The recorded packet, or the one that has the recorded digest.
    byte_string packet_of(pssst_recorded_request const& recorded)
    {
        return recorded.packet.empty() ? copy_of(pack(recorded)->packet()) : recorded.packet;
    }

    byte_string reply(pssst::opened_request& to, bytes message)
    {
        byte_string made(pssst::reply_sealer::size_of(message));
        EXPECT_TRUE(to.reply.seal(bench.aes_128_gcm, message, made));
        return made;
    }

    pssst_vectors const& file = recorded_pssst();
    crypto::workbench bench;
    x25519_private own_private;
    x25519_public own_public{};
};

std::string name_of(error e)
{
    switch (e) {
    case error::malformed_truncated:
        return "Truncated";
    case error::incompatible_suite:
        return "UnsupportedCipher";
    case error::malformed_reply_flag:
        return "NotRequest";
    case error::malformed_public_key:
        return "InvalidPoint";
    case error::unproven_frame:
        return "DecryptFailed";
    case error::unproven_client:
        return "ClientAuthFailed";
    default:
        return std::string{describe(e)};
    }
}

std::string name_of(device::reply_fault fault)
{
    using device::reply_fault;
    switch (fault) {
    case reply_fault::truncated:
        return "Truncated";
    case reply_fault::unsupported_cipher:
        return "UnsupportedCipher";
    case reply_fault::not_reply:
        return "NotReply";
    case reply_fault::mismatch:
        return "ReplyMismatch";
    case reply_fault::decrypt_failed:
        return "DecryptFailed";
    case reply_fault::already_opened:
        return "HandlerReused";
    }
    return "";
}

bool is_among(std::string const& found, std::vector<std::string> const& acceptable)
{
    return std::find(acceptable.begin(), acceptable.end(), found) != acceptable.end();
}

TEST_F(pssst_vectors_test, the_file_is_whole)
{
    EXPECT_EQ(file.keysets.size(), 4U);
    EXPECT_EQ(file.requests.size(), 56U);
    EXPECT_EQ(file.malformed_requests.size(), 65U);
    EXPECT_EQ(file.edge_requests.size(), 11U);
    EXPECT_EQ(file.malformed_replies.size(), 44U);
    EXPECT_EQ(file.replay_answers.size(), 2U);
}

TEST_F(pssst_vectors_test, intermediate_values)
{
    for (auto const& each : file.requests) {
        SCOPED_TRACE(each.id);
        auto const& keys = file.keysets.at(each.keyset);
        auto const shared = crypto::x25519_agree(
            scalar(keys.server_private), point(keys.server_public), point(each.dh)
        );
        ASSERT_TRUE(shared);
        EXPECT_EQ(secret_bytes_of(*shared), each.shared);
        auto const made = pssst::derive(bench.sha256, point(each.dh), *shared);
        EXPECT_EQ(secret_bytes_of(made.key), each.key);
        EXPECT_EQ(copy_of(made.request), each.request_nonce);
        EXPECT_EQ(copy_of(made.reply), each.reply_nonce);
    }
}

TEST_F(pssst_vectors_test, requests_open)
{
    for (auto const& each : file.requests) {
        SCOPED_TRACE(each.id);
        auto packet = packet_of(each);
        auto const opened = open(packet, each.keyset);
        ASSERT_TRUE(opened) << opened.error();
        EXPECT_EQ(copy_of(opened->message), each.message);
        ASSERT_EQ(opened->client.has_value(), each.client_public.has_value());
        if (opened->client)
            EXPECT_EQ(copy_of(*opened->client), *each.client_public);
    }
}

TEST_F(pssst_vectors_test, replies_have_the_recorded_bytes)
{
    std::size_t count = 0;
    for (auto const& each : file.requests)
        for (auto const& recorded : each.replies) {
            SCOPED_TRACE(each.id);
            auto packet = packet_of(each);
            auto opened = open(packet, each.keyset);
            ASSERT_TRUE(opened);
            auto const made = reply(*opened, recorded.message);
            if (recorded.packet.empty())
                EXPECT_EQ(digest_of(made), recorded.packet_digest);
            else
                EXPECT_EQ(made, recorded.packet);
            ++count;
        }
    EXPECT_EQ(count, 164U);
}

TEST_F(pssst_vectors_test, the_device_packs_the_recorded_bytes)
{
    for (auto const& each : file.requests) {
        SCOPED_TRACE(each.id);
        auto const made = pack(each);
        ASSERT_TRUE(made);
        if (each.packet.empty())
            EXPECT_EQ(digest_of(made->packet()), each.packet_digest);
        else
            EXPECT_EQ(copy_of(made->packet()), each.packet);
    }
}

TEST_F(pssst_vectors_test, the_device_opens_replies_once)
{
    for (auto const& each : file.requests)
        for (auto const& recorded : each.replies) {
            SCOPED_TRACE(each.id);
            auto made = pack(each);
            if (recorded.packet.empty())
                continue;
            auto packet = recorded.packet;
            auto const opened = made->open(bench, packet);
            ASSERT_TRUE(opened);
            EXPECT_EQ(copy_of(*opened), recorded.message);
            packet = recorded.packet;
            auto const again = made->open(bench, packet);
            ASSERT_FALSE(again);
            EXPECT_EQ(again.error(), device::reply_fault::already_opened);
        }
}

TEST_F(pssst_vectors_test, malformed_requests_are_refused_for_their_reason)
{
    for (auto const& each : file.malformed_requests) {
        SCOPED_TRACE(each.id);
        auto packet = each.packet;
        auto const opened = open(packet, each.of);
        ASSERT_FALSE(opened);
        EXPECT_TRUE(is_among(name_of(opened.error()), each.acceptable)) << name_of(opened.error());
    }
}

// Where the recorded answers differ, the reason is the one that this implementation documents.
TEST_F(pssst_vectors_test, only_packets_without_a_tag_have_another_reason)
{
    for (auto const& each : file.malformed_requests) {
        auto packet = each.packet;
        auto const found = name_of(open(packet, each.of).error());
        bool const has_tag = each.packet.size() >= pssst::overhead;
        if (has_tag)
            EXPECT_EQ(found, each.acceptable.front()) << each.id;
    }
}

TEST_F(pssst_vectors_test, odd_requests_are_treated_as_by_the_reference)
{
    byte_string const message{0x72};
    for (auto const& each : file.edge_requests) {
        SCOPED_TRACE(each.id);
        auto packet = each.packet;
        auto opened = open(packet, each.keyset);
        ASSERT_EQ(opened.has_value(), each.accepted);
        if (!opened) {
            EXPECT_EQ(opened.error(), error::unproven_client);
            continue;
        }
        EXPECT_EQ(copy_of(opened->message), each.message);
        ASSERT_EQ(opened->client.has_value(), each.client_public.has_value());
        if (opened->client)
            EXPECT_EQ(copy_of(*opened->client), *each.client_public);
        EXPECT_EQ(reply(*opened, message), each.reply_to_72);
    }
}

TEST_F(pssst_vectors_test, malformed_replies_are_refused_and_leave_the_request_waiting)
{
    for (auto const& each : file.malformed_replies) {
        SCOPED_TRACE(each.id);
        auto const& recorded = file.request(each.of);
        auto made = pack(recorded);
        auto packet = each.packet;
        auto const opened = made->open(bench, packet);
        ASSERT_FALSE(opened);
        EXPECT_TRUE(is_among(name_of(opened.error()), each.acceptable)) << name_of(opened.error());
        auto right = recorded.replies.front().packet;
        EXPECT_TRUE(made->open(bench, right));
    }
}

// What the cache prevents: opened twice, a request has two replies under one key and nonce.
TEST_F(pssst_vectors_test, each_opening_alone_may_seal_any_reply_once)
{
    auto const& recorded = file.request(file.replayed);
    for (auto const& answer : file.replay_answers) {
        auto packet = recorded.packet;
        auto opened = open(packet, recorded.keyset);
        ASSERT_TRUE(opened);
        EXPECT_EQ(reply(*opened, answer.message), answer.packet);
        byte_string second(answer.packet.size());
        auto const again = opened->reply.seal(bench.aes_128_gcm, answer.message, second);
        ASSERT_FALSE(again);
        EXPECT_EQ(again.error(), error::internal_closed);
        EXPECT_EQ(second, byte_string(second.size()));
    }
}

}  // namespace
}  // namespace gatehouse::test
