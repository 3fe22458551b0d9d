// lib/protocol/array_crypto/stream_session.h: a connection of a device, from its first request to
// its end.
#include "protocol/array_crypto/limits.h"
#include "protocol/array_crypto/v1_message.h"
#include "protocol/array_crypto/v2_message.h"
#include "support/array_crypto_world.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

namespace limits = array_crypto::limits;
using namespace std::chrono_literals;

std::string const v1_path = "/dev/sensor-1";
std::string const v2_path = "/dev/sensor-2";

class array_crypto_session : public testing::Test {
protected:
    // A message of the v2 device, as its stock client makes it.
    byte_string next_v2(std::string_view text)
    {
        return sealed_v2(pair_of(talk.get(v2_path + "/snapshot")), ++salt, text);
    }
    byte_string next_v1(std::string_view text)
    {
        return sealed_v1(world, pair_of(talk.get(v1_path + "/snapshot")).seed, text);
    }
    std::string opened_v2(http_answer_text const& answer)
    {
        auto message = text_bytes(answer.body);
        auto const under = pair_of(talk.get(v2_path + "/snapshot"));
        if (!array_crypto::v2::is_of(under.tick, message))
            return "another tick";
        return text_of(array_crypto::v2::open(world.env.messages, under, message).text);
    }
    std::string opened_v1(http_answer_text const& answer)
    {
        auto message = text_bytes(answer.body);
        auto const seed = pair_of(talk.get(v1_path + "/snapshot")).seed;
        return text_of(array_crypto::v1::open(seed, message).value().text);
    }

    array_crypto_world world;
    http_conversation talk{world};
    std::uint8_t salt = 0;
};

TEST_F(array_crypto_session, a_message_goes_up_and_its_answer_down_v2)
{
    EXPECT_TRUE(talk.post(v2_path + "/message", next_v2("21.5 C")).body.empty());
    ASSERT_EQ(talk.up.size(), 1);
    EXPECT_EQ(text_of(talk.up[0]), "21.5 C");
    auto const facts = talk.live->facts();
    EXPECT_TRUE(facts.authenticated);
    EXPECT_EQ(facts.device.text(), usual_v2_device);
    EXPECT_EQ(facts.generation, "v2");
    auto const answer = talk.reply(as_bytes("open the valve"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_NE(answer->head.find("content-type: application/octet-stream"), std::string::npos);
    EXPECT_EQ(opened_v2(*answer), "open the valve");
}

TEST_F(array_crypto_session, a_message_goes_up_and_its_answer_down_v1)
{
    talk.post(v1_path + "/message", next_v1("21.5 C"), "application/octet-stream");
    ASSERT_EQ(talk.up.size(), 1);
    EXPECT_EQ(text_of(talk.up[0]), "21.5 C");
    EXPECT_EQ(talk.live->facts().generation, "v1");
    EXPECT_EQ(opened_v1(*talk.reply(as_bytes("ok"))), "ok");
}

TEST_F(array_crypto_session, many_messages_on_one_connection)
{
    for (int i = 0; i < 20; ++i) {
        auto const text = std::to_string(i);
        talk.post(v2_path + "/message", next_v2(text));
        EXPECT_EQ(opened_v2(*talk.reply(as_bytes("re " + text))), "re " + text);
        world.wait(1s);
    }
    EXPECT_EQ(talk.up.size(), 20);
}

TEST_F(array_crypto_session, empty_messages_are_messages)
{
    talk.post(v2_path + "/message", next_v2(""));
    ASSERT_EQ(talk.up.size(), 1);
    EXPECT_EQ(opened_v2(*talk.reply({})), "");
}

TEST_F(array_crypto_session, every_request_may_come_byte_by_byte)
{
    auto const text = request_text("POST", v2_path + "/message", next_v2("hello"), {});
    for (auto const c : text)
        talk.send({&c, 1});
    ASSERT_EQ(talk.up.size(), 1);
    EXPECT_EQ(text_of(talk.up[0]), "hello");
}

TEST_F(array_crypto_session, snapshots_and_handshakes_make_no_session)
{
    talk.get(v2_path + "/snapshot");
    talk.get(v2_path + "/health");
    auto const body = R"({"hash": ")" + std::string(64, 'a') + "\"}";
    EXPECT_EQ(
        talk.post(v2_path + "/handshake", as_bytes(body), "application/json").body,
        R"({"status":"ok"})"
    );
    EXPECT_FALSE(talk.live->facts().authenticated);
    EXPECT_EQ(talk.live->facts().device.text(), usual_v2_device);
}

TEST_F(array_crypto_session, health_tells_no_half_of_a_key)
{
    auto const pair = pair_of(talk.get(v2_path + "/snapshot"));
    auto const health = talk.get(v2_path + "/health").body;
    EXPECT_EQ(health.find(std::to_string(pair.tick)), std::string::npos);
    EXPECT_EQ(
        health, R"({"status":"healthy","timestamp":1782864000,"tick":0,"authenticated_clients":0})"
    );
    EXPECT_EQ(talk.get(v1_path + "/health").body, R"({"status":"healthy","timestamp":1782864000})");
}

TEST_F(array_crypto_session, a_message_of_v2_is_accepted_once)
{
    auto const message = next_v2("once");
    talk.post(v2_path + "/message", message);
    talk.reply(as_bytes("ok"));
    EXPECT_EQ(talk.post(v2_path + "/message", message).status, 400);
    EXPECT_EQ(talk.up.size(), 1);
    EXPECT_EQ(talk.live->turned_away(), error::unproven_replay);
}

TEST_F(array_crypto_session, a_message_of_v1_is_accepted_once_and_while_it_is_new)
{
    auto const message = next_v1("once");
    talk.post(v1_path + "/message", message);
    ASSERT_EQ(talk.up.size(), 1);
    for (auto const& [after, why] :
         {std::pair{0s, error::unproven_replay},
          {60s, error::unproven_replay},
          {1s, error::unproven_stale},
          {3600s, error::unproven_stale}}) {
        world.wait(after);
        http_conversation later{world};
        EXPECT_EQ(later.post(v1_path + "/message", message).status, 400);
        EXPECT_EQ(later.live->turned_away(), why);
        EXPECT_TRUE(later.up.empty());
    }
}

TEST_F(array_crypto_session, a_message_of_v2_is_readable_for_a_short_window_only)
{
    auto const message = next_v2("late");
    world.wait(9s);
    http_conversation in_time{world};
    in_time.post(v2_path + "/message", message);
    EXPECT_EQ(in_time.up.size(), 1);
    auto const other = sealed_v2(pair_of(talk.get(v2_path + "/snapshot")), 99, "late");
    world.wait(10s);
    EXPECT_EQ(talk.post(v2_path + "/message", other).status, 400);
    EXPECT_EQ(talk.live->turned_away(), error::unproven_frame);
}

TEST_F(array_crypto_session, messages_of_another_device_are_not_readable)
{
    array_crypto_world_setup setup;
    setup.devices.push_back({"sensor-3", array_crypto::profile::v2, "/dev/sensor-3", "other"});
    array_crypto_world with_three{setup};
    http_conversation victim{with_three};
    auto const pair = pair_of(victim.get(v2_path + "/snapshot"));
    http_conversation attacker{with_three};
    attacker.get("/dev/sensor-3/snapshot");
    EXPECT_EQ(attacker.post("/dev/sensor-3/message", sealed_v2(pair, 1, "x")).status, 400);
    EXPECT_TRUE(attacker.up.empty());
}

TEST_F(array_crypto_session, whatever_does_not_open_ends_the_connection)
{
    auto const good = next_v2("good");
    for (std::size_t i = 0; i < good.size(); i += 7) {
        http_conversation attempt{world};
        auto bad = good;
        bad[i] ^= 1;
        auto const answer = attempt.post(v2_path + "/message", bad);
        EXPECT_EQ(answer.status, 400);
        EXPECT_NE(answer.head.find("connection: close"), std::string::npos);
        EXPECT_EQ(attempt.live->turned_away(), error::unproven_frame);
        world.wait(5s);
        attempt.wake();
        EXPECT_EQ(attempt.failed, error::unproven_frame);
    }
    http_conversation too_short{world};
    EXPECT_EQ(too_short.post(v2_path + "/message", bytes{good}.first(63)).status, 400);
    EXPECT_EQ(too_short.live->turned_away(), error::malformed_truncated);
}

TEST_F(array_crypto_session, a_backend_that_says_nothing_is_waited_for_within_bounds)
{
    talk.post(v2_path + "/message", next_v2("hello"));
    EXPECT_EQ(talk.live->deadline(), world.now + 10s);
    world.wait(10s);
    auto const answers = talk.wake();
    ASSERT_EQ(answers.size(), 1);
    EXPECT_EQ(answers[0].status, 204);
    EXPECT_FALSE(talk.reply(as_bytes("too late")));
    EXPECT_EQ(talk.refused, error::backend_no_request);
    talk.post(v2_path + "/message", next_v2("again"));
    EXPECT_EQ(talk.up.size(), 2);
}

TEST_F(array_crypto_session, where_there_are_no_answers_nothing_is_waited_for)
{
    world.env.config.answers = false;
    EXPECT_EQ(talk.post(v2_path + "/message", next_v2("hello")).status, 204);
    EXPECT_EQ(talk.up.size(), 1);
}

TEST_F(array_crypto_session, answers_need_a_message_and_have_a_size)
{
    EXPECT_FALSE(talk.reply(as_bytes("nobody asked")));
    EXPECT_EQ(talk.refused, error::backend_no_request);
    talk.post(v2_path + "/message", next_v2("hello"));
    EXPECT_FALSE(talk.reply(byte_string(world.env.config.message_limit + 1)));
    EXPECT_EQ(talk.refused, error::limit_message_size);
    EXPECT_TRUE(talk.reply(byte_string(world.env.config.message_limit)));
    EXPECT_FALSE(talk.reply(as_bytes("twice")));
    EXPECT_EQ(talk.refused, error::backend_no_request);
}

TEST_F(array_crypto_session, requests_at_once_are_answered_in_order)
{
    auto const one = request_text("GET", v1_path + "/snapshot", {}, {});
    auto const answers = talk.send(one + request_text("GET", v1_path + "/nothing", {}, {}) + one);
    ASSERT_EQ(answers.size(), 3);
    EXPECT_EQ(answers[0].status, 200);
    EXPECT_EQ(answers[1].status, 404);
    EXPECT_EQ(answers[2].status, 200);
}

TEST_F(array_crypto_session, too_many_requests_at_once_end_the_connection)
{
    std::string many;
    for (std::size_t i = 0; i < limits::pipelined_requests + 1; ++i)
        many += request_text("GET", v1_path + "/snapshot", {}, {});
    auto const answers = talk.send(many);
    ASSERT_EQ(answers.size(), limits::pipelined_requests + 1);
    EXPECT_EQ(answers.back().status, 429);
    EXPECT_EQ(talk.live->turned_away(), error::limit_requests);
}

TEST_F(array_crypto_session, a_request_behind_a_message_ends_the_connection_with_its_answer)
{
    auto const message = request_text("POST", v2_path + "/message", next_v2("hello"), {});
    EXPECT_TRUE(talk.send(message + request_text("GET", v2_path + "/snapshot", {}, {})).empty());
    auto const answer = talk.reply(as_bytes("ok"));
    ASSERT_TRUE(answer);
    EXPECT_NE(answer->head.find("connection: close"), std::string::npos);
    EXPECT_TRUE(talk.send(request_text("GET", v2_path + "/snapshot", {}, {})).empty());
    EXPECT_EQ(talk.live->turned_away(), std::nullopt);
    world.wait(5s);
    talk.wake();
    EXPECT_EQ(talk.live->ended(), end_reason::bye);
}

TEST_F(array_crypto_session, a_connection_is_one_devices)
{
    talk.post(v2_path + "/message", next_v2("hello"));
    talk.reply({});
    EXPECT_EQ(talk.get(v1_path + "/snapshot").status, 421);
    EXPECT_EQ(talk.live->facts().device.text(), usual_v2_device);
    EXPECT_EQ(talk.live->turned_away(), std::nullopt);
}

TEST_F(array_crypto_session, whoever_has_no_session_may_ask_for_several_devices)
{
    EXPECT_EQ(talk.get(v2_path + "/snapshot").status, 200);
    EXPECT_EQ(talk.get(v1_path + "/snapshot").status, 200);
}

TEST_F(array_crypto_session, smuggled_requests_are_refused_with_400)
{
    auto const inner = "GET " + v1_path + "/snapshot HTTP/1.1\r\nHost: gw\r\n\r\n";
    auto const size = std::to_string(inner.size());
    for (auto const& fields :
         {"Content-Length: 0\r\nContent-Length: " + size + "\r\n",
          "Content-Length: " + size + "\r\nTransfer-Encoding: chunked\r\n",
          std::string{"Transfer-Encoding: chunked\r\n"},
          std::string{"Content-Length: 0\r\nX: y\n\r\n"},
          std::string{"Content-Length: 0\r\n folded: yes\r\n"}}) {
        http_conversation attempt{world};
        auto const answers = attempt.send(
            "POST " + v1_path + "/message HTTP/1.1\r\nHost: gw\r\n" + fields + "\r\n" + inner
        );
        ASSERT_EQ(answers.size(), 1) << fields;
        EXPECT_EQ(answers[0].status, 400);
        EXPECT_EQ(attempt.live->turned_away(), error::malformed_framing);
        EXPECT_TRUE(attempt.send(inner).empty());
    }
}

TEST_F(array_crypto_session, bodies_have_a_room)
{
    struct {
        std::string method, path;
        std::size_t size;
        int status;
    } const cases[] = {
        {"POST", v2_path + "/message", (64U << 10) + 64 + 1, 413},
        {"POST", v1_path + "/message", (64U << 10) + 32 + 1, 413},
        {"POST", v1_path + "/handshake", limits::handshake_body + 1, 413},
        {"POST", v1_path + "/message", 999'999'999'999, 413},
        {"GET", v1_path + "/snapshot", 1, 413},
    };
    for (auto const& one : cases) {
        http_conversation attempt{world};
        auto const answer = attempt.ask(
            one.method + " " + one.path +
            " HTTP/1.1\r\nHost: gw\r\nContent-Length: " + std::to_string(one.size) + "\r\n\r\n"
        );
        EXPECT_EQ(answer.status, one.status) << one.path;
        EXPECT_EQ(attempt.live->turned_away(), error::malformed_oversize);
        EXPECT_EQ(attempt.live->facts().device.text(), one.path.substr(5, 8));
    }
    auto const text = "POST " + v1_path + "/message HTTP/1.1\r\nHost: gw\r\n\r\n";
    EXPECT_EQ(talk.ask(text).status, 411);
}

TEST_F(array_crypto_session, the_longest_message_fits)
{
    std::string const text(world.env.config.message_limit, 'x');
    talk.post(v2_path + "/message", next_v2(text));
    ASSERT_EQ(talk.up.size(), 1);
    EXPECT_EQ(text_of(talk.up[0]), text);
}

TEST_F(array_crypto_session, who_asks_to_go_ahead_is_told_once)
{
    auto const message = next_v1("hello");
    auto const head = "POST " + v1_path +
                      "/message HTTP/1.1\r\nHost: gw\r\nExpect: 100-continue\r\n"
                      "Content-Length: " +
                      std::to_string(message.size()) + "\r\n\r\n";
    EXPECT_EQ(talk.ask(head).status, 100);
    EXPECT_TRUE(talk.send(text_of(bytes{message}.first(5))).empty());
    EXPECT_TRUE(talk.send(text_of(bytes{message}.subspan(5))).empty());
    EXPECT_EQ(talk.up.size(), 1);
}

TEST_F(array_crypto_session, other_types_of_messages_are_refused)
{
    auto const message = next_v1("hello");
    EXPECT_EQ(talk.post(v1_path + "/message", message, "text/plain").status, 415);
    EXPECT_TRUE(talk.up.empty());
    talk.post(v1_path + "/message", message, "Application/Octet-Stream; charset=binary");
    EXPECT_EQ(talk.up.size(), 1);
}

TEST_F(array_crypto_session, a_first_request_that_never_ends_runs_out_of_time)
{
    talk.send("GET / HT");
    world.wait(10s);
    EXPECT_EQ(talk.live->deadline(), world.now);
    talk.wake();
    EXPECT_EQ(talk.failed, error::limit_handshake_time);
}

TEST_F(array_crypto_session, a_later_request_that_never_ends_runs_out_of_time)
{
    world.env.config.idle_timeout = 1h;
    talk.post(v2_path + "/message", next_v2("hello"));
    talk.reply({});
    talk.send("GET / HT");
    EXPECT_EQ(talk.live->deadline(), world.now + limits::request_time);
    world.wait(15s);
    talk.send("T");
    world.wait(15s);
    talk.wake();
    EXPECT_EQ(talk.failed, error::limit_frame_time);
}

TEST_F(array_crypto_session, an_idle_connection_without_a_session_ends_quietly)
{
    talk.get(v1_path + "/snapshot");
    world.wait(60s);
    EXPECT_EQ(talk.live->deadline(), world.now);
    talk.wake();
    EXPECT_EQ(talk.failed, std::nullopt);
    EXPECT_EQ(talk.live->ended(), end_reason::bye);
}

TEST_F(array_crypto_session, a_device_that_hangs_up_after_an_answer_did_nothing_wrong)
{
    talk.get(v1_path + "/snapshot");
    talk.live->peer_closed(world.now);
    EXPECT_EQ(talk.live->ended(), end_reason::bye);
    http_conversation silent{world};
    silent.live->peer_closed(world.now);
    EXPECT_EQ(silent.live->ended(), std::nullopt);
}

TEST_F(array_crypto_session, an_idle_session_ends)
{
    talk.post(v2_path + "/message", next_v2("hello"));
    talk.reply({});
    world.wait(59s);
    talk.get(v2_path + "/snapshot");
    world.wait(60s);
    EXPECT_EQ(talk.live->deadline(), world.now);
    talk.wake();
    EXPECT_EQ(talk.failed, error::limit_idle_time);
}

TEST_F(array_crypto_session, what_ends_a_session_answers_the_message_that_waits)
{
    talk.post(v2_path + "/message", next_v2("hello"));
    output out;
    talk.live->end(world.now, out);
    auto const said = text_of(out.wire.all());
    EXPECT_EQ(said.find("HTTP/1.1 204 No Content\r\nconnection: close\r\n"), 0);
    EXPECT_TRUE(talk.send(request_text("GET", v2_path + "/snapshot", {}, {})).empty());
}

TEST_F(array_crypto_session, a_closed_key_window_ends_the_session)
{
    talk.post(v1_path + "/message", next_v1("hello"));
    talk.live->set_key_window(
        {wall_time::min(), world.env.wall_now}, world.env.wall_now, world.now
    );
    EXPECT_EQ(talk.live->deadline(), world.now);
    talk.wake();
    EXPECT_EQ(talk.failed, error::unproven_expired_key);
}

TEST_F(array_crypto_session, strangers_are_told_nothing_and_turned_away)
{
    auto const answer = talk.get("/dev/nobody/snapshot");
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.body, R"({"detail":"Not Found"})");
    EXPECT_EQ(talk.live->turned_away(), error::unproven_device);
}

TEST_F(array_crypto_session, the_reply_to_one_of_two_connections_is_readable_after_the_other)
{
    http_conversation second{world};
    talk.post(v2_path + "/message", next_v2("one"));
    auto const pair = pair_of(second.get(v2_path + "/snapshot"));
    second.post(v2_path + "/message", sealed_v2(pair, 200, "two"));
    auto const first_answer = talk.reply(as_bytes("re one"));
    auto const second_answer = second.reply(as_bytes("re two"));
    EXPECT_EQ(opened_v2(*second_answer), "re two");
    EXPECT_EQ(opened_v2(*first_answer), "re one");
}

TEST(array_crypto_door, waits_for_a_whole_header_and_refuses_what_is_no_http)
{
    array_crypto_world world;
    using verdict = first_look::verdict;
    auto const look = [&](std::string_view text) { return world.door.look(as_bytes(text)); };
    EXPECT_EQ(look("").what, verdict::incomplete);
    EXPECT_EQ(look("GET /x HTTP/1.1\r\nHost: a\r\n").what, verdict::incomplete);
    EXPECT_EQ(look("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").what, verdict::hello);
    EXPECT_EQ(look("GET /x HTTP/1.1\n").what, verdict::hello);  // to be answered with 400
    EXPECT_EQ(look(std::string(limits::header_size, 'G')).what, verdict::hello);
    for (auto const* other : {"\x16\x03\x01", "\r\nGET", "ssh-2.0"}) {
        EXPECT_EQ(look(std::string_view{other, 1}).what, verdict::refused);
        EXPECT_EQ(look(std::string_view{other, 1}).why, error::malformed_magic);
    }
    EXPECT_EQ(world.door.hello_limit(), limits::header_size);
}

}  // namespace
}  // namespace gatehouse::test
