// lib/protocol/upss/stream_session.h: a conversation, from its first package to its end.
#include "protocol/upss/limits.h"
#include "protocol/upss/stream_session.h"
#include "support/readable_error.h"
#include "support/upss_world.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
namespace limits = upss::limits;

std::string status(std::string_view word, std::string_view path = "/")
{
    return upss_package(path, "STATUS", "status", word);
}

class upss_session : public testing::Test {
protected:
    // The only package.
    static std::string only(std::vector<std::string> const& said)
    {
        EXPECT_EQ(said.size(), 1U);
        return said.empty() ? std::string{} : said.front();
    }
    void expect_refused(std::vector<std::string> const& said, error why)
    {
        EXPECT_EQ(only(said), status("ERROR"));
        EXPECT_TRUE(talk.live->says_no_more());
        EXPECT_EQ(talk.live->turned_away(), why);
        world.wait(limits::last_package_time);
        talk.on_deadline();
        EXPECT_EQ(talk.failed, why);
    }
    void begin() { talk.shake_hands(); }
    void ask(std::string_view text = "hello", std::string_view type = "SEND")
    {
        begin();
        EXPECT_TRUE(talk.send(talk.message(text, type)).empty());
        ASSERT_EQ(talk.up.size(), 1U);
    }

    upss_world world;
    upss_conversation talk{world};
};

TEST_F(upss_session, a_message_goes_up_and_its_answer_down)
{
    EXPECT_EQ(
        only(talk.send(upss_hello())),
        R"({"meta": "upss v0.0.1", "path": "/", "type": "SEND", "data": {"public_key": )"
        R"("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"}})"
    );
    EXPECT_TRUE(talk.send(upss_key()).empty());
    EXPECT_EQ(world.keys.asked.size(), 1U);
    world.keys.answer(usual_session_key);
    EXPECT_EQ(talk.woken, 1);
    EXPECT_EQ(
        talk.opened(only(talk.on_deadline())), "Recognition is the most powerful motivation factor."
    );
    EXPECT_EQ(only(talk.send(upss_call())), status("OK"));
    EXPECT_FALSE(talk.live->facts().authenticated) << "nothing has opened yet";
    EXPECT_TRUE(talk.send(talk.message("21.5 C")).empty());
    auto const facts = talk.live->facts();
    EXPECT_TRUE(facts.authenticated);
    EXPECT_EQ(facts.device.text(), "anonymous");
    EXPECT_EQ(facts.generation, "0.0.2");
    EXPECT_EQ(talk.live->route(), "/");
    ASSERT_EQ(talk.up.size(), 1U);
    EXPECT_EQ(text_of(talk.up[0]), "21.5 C");
    EXPECT_EQ(talk.opened(only(talk.reply("open the valve"))), "open the valve");
}

TEST_F(upss_session, packages_may_come_byte_by_byte_or_together)
{
    auto const feed = [&](std::string const& text) {
        std::vector<std::string> all;
        for (char const each : text)
            for (auto& said : talk.send({&each, 1}))
                all.push_back(std::move(said));
        return all;
    };
    EXPECT_EQ(feed(" \n" + upss_hello() + "\n").size(), 1U);
    EXPECT_TRUE(feed(upss_key()).empty());
    world.keys.answer(usual_session_key);
    EXPECT_EQ(talk.on_deadline().size(), 1U);
    // 5, 6 and 8 at once: as of a device that waits for nothing.
    EXPECT_EQ(only(talk.send(upss_call() + talk.message("all at once"))), status("OK"));
    ASSERT_EQ(talk.up.size(), 1U);
    EXPECT_EQ(text_of(talk.up[0]), "all at once");
}

TEST_F(upss_session, what_comes_while_the_key_is_opened_is_taken_afterwards)
{
    talk.send(upss_hello());
    EXPECT_TRUE(talk.send(upss_key() + upss_call()).empty());
    EXPECT_TRUE(talk.send(talk.message("early")).empty());
    world.keys.answer(usual_session_key);
    auto const said = talk.on_deadline();
    ASSERT_EQ(said.size(), 2U) << "packages 4 and 7";
    EXPECT_EQ(said[1], status("OK"));
    EXPECT_EQ(talk.up.size(), 1U);
}

TEST_F(upss_session, conversations_go_by_turns)
{
    ask("one");
    EXPECT_TRUE(talk.send(talk.message("two")).empty());
    EXPECT_EQ(talk.up.size(), 1U) << "it is the backend's turn";
    EXPECT_EQ(talk.opened(only(talk.reply("first"))), "first");
    ASSERT_EQ(talk.up.size(), 2U) << "what waited";
    EXPECT_EQ(text_of(talk.up[1]), "two");
    EXPECT_EQ(talk.opened(only(talk.reply("second"))), "second");
    EXPECT_TRUE(talk.reply("a third").empty());
    EXPECT_EQ(talk.refused, error::backend_no_request) << "it is the device's turn";
    talk.send(talk.message("three"));
    EXPECT_EQ(only(talk.reply_last("", "BYE")), status("BYE"));
    EXPECT_TRUE(talk.live->says_no_more());
    world.wait(limits::last_package_time);
    talk.on_deadline();
    EXPECT_EQ(talk.live->ended(), end_reason::bye);
}

TEST_F(upss_session, a_last_answer_ends_it)
{
    ask();
    EXPECT_EQ(talk.opened(only(talk.reply_last("so be it", "DONE"))), "so be it");
    EXPECT_TRUE(talk.live->says_no_more());
}

TEST_F(upss_session, an_empty_answer_is_the_word_ok)
{
    ask();
    EXPECT_EQ(only(talk.reply("")), status("OK"));
    EXPECT_TRUE(talk.live->says_no_more());
}

TEST_F(upss_session, a_device_of_0_0_1_has_one_turn)
{
    ask("old style", "STATUS");
    EXPECT_EQ(talk.live->facts().generation, "0.0.1");
    EXPECT_EQ(talk.opened(only(talk.reply("old answer"))), "old answer");
    EXPECT_TRUE(talk.live->says_no_more());
}

TEST_F(upss_session, a_device_that_says_no_more_is_let_go)
{
    ask();
    talk.reply("answer");
    EXPECT_FALSE(talk.live->says_no_more());
    EXPECT_EQ(talk.live->deadline(), world.now + 5s);
    world.wait(5s);
    talk.on_deadline();
    EXPECT_EQ(talk.live->ended(), end_reason::bye);
}

TEST_F(upss_session, a_turn_is_no_longer_than_any_silence)
{
    world.env.config.idle_timeout = 2s;
    ask();
    talk.reply("answer");
    EXPECT_EQ(talk.live->deadline(), world.now + 2s);
}

TEST_F(upss_session, a_backend_that_is_silent_is_an_error)
{
    ask();
    EXPECT_EQ(talk.live->deadline(), world.now + 10s);
    world.wait(10s);
    expect_refused(talk.on_deadline(), error::limit_reply_time);
}

TEST_F(upss_session, the_backend_ends_it_with_ok_and_the_gateway_with_error)
{
    ask();
    EXPECT_EQ(only(talk.dismiss()), status("OK"));
    upss_conversation other{world};
    other.shake_hands();
    other.send(other.message("hello"));
    EXPECT_EQ(only(other.end()), status("ERROR"));
    upss_conversation third{world};
    third.shake_hands();
    EXPECT_TRUE(third.end().empty()) << "nobody waits";
}

TEST_F(upss_session, answers_are_bounded)
{
    ask();
    EXPECT_TRUE(talk.reply(std::string(601, 'x')).empty());
    EXPECT_EQ(talk.refused, error::limit_reply_size);
    EXPECT_TRUE(talk.reply_last("", std::string(601, 'x')).empty());
    EXPECT_EQ(talk.refused, error::limit_reply_size);
    EXPECT_EQ(talk.opened(only(talk.reply(std::string(600, 'x')))), std::string(600, 'x'));
}

TEST_F(upss_session, routes_that_are_not_listed_are_refused_when_a_stock_device_listens)
{
    talk.shake_hands("/missing");
    auto const said = talk.send(talk.message("x"));
    EXPECT_EQ(only(said), status("ERROR", "/missing"));
    EXPECT_EQ(talk.live->turned_away(), error::unproven_route);
    EXPECT_TRUE(talk.up.empty());
}

TEST_F(upss_session, a_route_stays_the_same)
{
    talk.send(upss_hello("/"));
    talk.send(upss_key("/other"));
    EXPECT_EQ(talk.failed, error::unproven_sequence);
    upss_conversation other{world};
    other.send(upss_hello("/"));
    other.send(upss_key("/"));
    world.keys.answer(usual_session_key);
    other.on_deadline();
    EXPECT_TRUE(other.send(upss_call("/other")).empty());
    EXPECT_EQ(other.failed, error::unproven_sequence);
}

TEST_F(upss_session, packages_out_of_order_end_it)
{
    struct wrong {
        std::string said;
        error why;
    };
    for (auto const& [said, why] : std::vector<wrong>{
             {upss_package("/", "STATUS", "msg", "hello"), error::malformed_type},
             {upss_package("no slash", "SEND", "msg", "hello"), error::malformed_length},
             {upss_package("/" + std::string(300, 'a'), "SEND", "msg", "x"),
              error::malformed_length},
             {"{}", error::malformed_record},
             {"{]", error::malformed_record}}) {
        upss_conversation one{world};
        EXPECT_TRUE(one.send(said).empty());
        EXPECT_EQ(one.failed, why) << said;
    }
    for (auto const& [said, why] : std::vector<wrong>{
             {upss_package("/", "STATUS", "key", "AAAA"), error::malformed_type},
             {upss_package("/", "SEND", "key", "AAAA"), error::malformed_public_key},
             {upss_package("/", "SEND", "msg", "AAAA"), error::malformed_public_key},
             {upss_package("/", "SEND", "key", "****"), error::malformed_public_key}}) {
        upss_conversation one{world};
        one.send(upss_hello());
        EXPECT_TRUE(one.send(said).empty());
        EXPECT_EQ(one.failed, why) << said;
    }
    for (auto const& [said, why] : std::vector<wrong>{
             {upss_package("/", "STATUS", "status", "ERROR"), error::unproven_key},
             {upss_package("/", "STATUS", "action", "call_handler"), error::unproven_key},
             {upss_package("/", "STATUS", "status", "OK") +
                  upss_package("/", "STATUS", "action", "other"),
              error::malformed_type}}) {
        upss_conversation one{world};
        one.send(upss_hello());
        one.send(upss_key());
        world.keys.answer(usual_session_key);
        one.on_deadline();
        EXPECT_TRUE(one.send(said).empty());
        EXPECT_EQ(one.failed, why) << said;
    }
}

TEST_F(upss_session, keys_that_cannot_be_opened_or_drawn_at_random)
{
    world.keys.refusal = error::limit_agreements;
    talk.send(upss_hello());
    EXPECT_TRUE(talk.send(upss_key()).empty());
    EXPECT_EQ(talk.failed, error::limit_agreements);
    world.keys.refusal.reset();

    upss_conversation replayed{world};
    replayed.send(upss_hello());
    replayed.send(upss_key());
    world.keys.answer(error::unproven_replayed);
    EXPECT_TRUE(replayed.on_deadline().empty());
    EXPECT_EQ(replayed.failed, error::unproven_replayed);

    upss_conversation weak{world};
    weak.send(upss_hello());
    weak.send(upss_key());
    world.keys.answer("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    EXPECT_TRUE(weak.on_deadline().empty());
    EXPECT_EQ(weak.failed, error::unproven_key);

    // No key at all: as one that the device does not have.
    upss_conversation garbage{world};
    garbage.send(upss_hello());
    garbage.send(upss_key());
    world.keys.answer(std::string(44, '*'));
    EXPECT_NE(garbage.opened(only(garbage.on_deadline())).find("does not open"), std::string::npos);
    EXPECT_FALSE(garbage.failed);
}

TEST_F(upss_session, a_session_that_is_gone_is_not_woken)
{
    talk.send(upss_hello());
    talk.send(upss_key());
    talk.live.reset();
    world.keys.answer(usual_session_key);
    EXPECT_EQ(talk.woken, 0);
}

TEST_F(upss_session, what_is_not_sealed_is_refused)
{
    begin();
    expect_refused(
        talk.send(upss_package("/", "SEND", "msg", "in clear")), error::malformed_record
    );
    EXPECT_TRUE(talk.up.empty());
}

TEST_F(upss_session, a_package_without_a_message_is_refused)
{
    begin();
    expect_refused(talk.send(upss_package("/", "SEND", "other", "x")), error::unproven_frame);
}

TEST_F(upss_session, a_wrong_key_is_refused)
{
    begin();
    auto message = talk.message("x");
    message[message.find("Z0F") + 60] ^= 1;
    expect_refused(talk.send(message), error::unproven_frame);
}

TEST_F(upss_session, what_the_gateway_sealed_is_no_message)
{
    ask();
    auto const answer = only(talk.reply("open the valve"));
    expect_refused(talk.send(answer), error::unproven_reflection);
    EXPECT_EQ(talk.up.size(), 1U);
}

TEST_F(upss_session, repeats_are_refused_where_that_is_asked)
{
    ask();
    talk.reply("a");
    auto const again = talk.message("twice");
    talk.send(again);
    talk.reply("b");
    talk.send(again);
    EXPECT_EQ(talk.up.size(), 3U) << "an application may seal once and send twice";

    world.env.config.refuse_repeats = true;
    upss_conversation strict{world};
    strict.shake_hands();
    strict.send(again);
    strict.reply("a");
    EXPECT_EQ(only(strict.send(again)), status("ERROR"));
    EXPECT_EQ(strict.live->turned_away(), error::unproven_replay);
}

TEST_F(upss_session, clocks_may_be_judged)
{
    world.env.config.clock_tolerance = 300s;
    begin();
    auto const old = talk.message("old");
    auto const timely = talk.message("timely");
    world.env.wall_now += 300s;
    EXPECT_TRUE(talk.send(timely).empty());
    talk.reply("");
    upss_conversation late{world};
    late.shake_hands();
    world.env.wall_now += 1s;
    EXPECT_EQ(only(late.send(old)), status("ERROR"));
    EXPECT_EQ(late.live->turned_away(), error::unproven_stale);
}

TEST_F(upss_session, other_members_go_up_only_where_that_is_asked)
{
    auto const package = [&](upss_conversation& one) {
        return R"({"path": "/", "type": "SEND", "data": {"unit": "C", "msg": ")" +
               one.sealed("21") + R"(", "at": [1, {"x": null}]}})";
    };
    begin();
    talk.send(package(talk));
    EXPECT_TRUE(talk.plain.empty());
    world.env.config.forward_plain = true;
    upss_conversation open{world};
    open.shake_hands();
    open.send(package(open));
    ASSERT_EQ(open.plain.size(), 1U);
    EXPECT_EQ(text_of(open.plain[0]), R"({"unit":"C","at":[1,{"x":null}]})");
}

TEST_F(upss_session, lenient_reading_is_a_choice)
{
    begin();
    auto spaced = talk.message("spaced");
    spaced.insert(spaced.find("Z0F") + 8, "*");
    EXPECT_EQ(only(talk.send(spaced)), status("ERROR"));
    world.env.config.base64 = upss::base64_reading::lenient;
    upss_conversation lenient{world};
    lenient.shake_hands();
    lenient.send(spaced);
    ASSERT_EQ(lenient.up.size(), 1U);
    EXPECT_EQ(text_of(lenient.up[0]), "spaced");
}

TEST_F(upss_session, a_handshake_has_a_deadline)
{
    talk.send(upss_hello());
    EXPECT_EQ(talk.live->deadline(), world.now + 10s);
    world.wait(10s);
    talk.on_deadline();
    EXPECT_EQ(talk.failed, error::limit_handshake_time);
}

TEST_F(upss_session, a_session_has_an_age)
{
    world.env.config.max_session_age = 2s;
    ask();
    world.wait(2s);
    talk.on_deadline();
    EXPECT_EQ(talk.failed, error::limit_session_age);
}

TEST_F(upss_session, packages_have_a_size_and_a_depth)
{
    talk.send("{" + std::string(5000, ' '));
    EXPECT_EQ(talk.failed, error::malformed_oversize);
    upss_conversation deep{world};
    deep.send(R"({"data": )" + std::string(limits::nesting, '['));
    EXPECT_EQ(deep.failed, error::malformed_oversize);
    upss_conversation noise{world};
    noise.send("GET / HTTP/1.1");
    EXPECT_EQ(noise.failed, error::malformed_magic);
    upss_conversation large{world};
    large.shake_hands();
    large.send("{" + std::string(world.env.config.body_limit, ' '));
    EXPECT_EQ(large.failed, error::malformed_oversize);
    upss_conversation impatient{world};
    impatient.shake_hands();
    impatient.send(impatient.message("x"));
    impatient.send(std::string(world.env.config.body_limit, 'x'));
    EXPECT_EQ(impatient.failed, error::malformed_oversize) << "out of turn as well";
}

TEST_F(upss_session, a_sealed_text_may_be_empty)
{
    begin();
    talk.send(talk.message(""));
    ASSERT_EQ(talk.up.size(), 1U);
    EXPECT_TRUE(talk.up[0].empty());
}

}  // namespace
}  // namespace gatehouse::test
