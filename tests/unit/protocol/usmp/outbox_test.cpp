#include "crypto/workbench.h"
#include "protocol/usmp/limits.h"
#include "protocol/usmp/outbox.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::frame_type;

// A frame as the device reads it.
struct sent_frame {
    frame_type type{};
    std::uint32_t sequence = 0;
    std::string text;
    byte_string raw;
};

class post_office {
public:
    explicit post_office(usmp::profile const& how) : how_{how}
    {
        to_.key = crypto::aead_key::from(bytes{pattern_bytes(32, 1)}.first<32>());
        readable_ = to_.key.copy();
    }

    void add(byte_string const& text) { box->add(text, ++number_, blocks); }
    void add(std::string_view text) { add(text_bytes(text)); }
    void advance()
    {
        collect([&] { box->advance(with(), now, out_); });
    }
    void say_bye()
    {
        collect([&] { box->say_bye(with(), now, out_); });
    }
    void send_rekey()
    {
        collect([&] { box->send_rekey(with(), now, pattern_bytes(32), out_); });
    }
    void give_up_messages()
    {
        collect([&] { box->give_up_messages(out_); });
    }
    void post(std::string_view text)
    {
        add(text);
        advance();
    }

    bool ack(usmp::transport_ack const& said)
    {
        bool fits = false;
        collect([&] { fits = box->acknowledge(with(), now, said); });
        return fits;
    }
    bool ack(sent_frame const& frame)
    {
        bool const fits = ack(ack_of(frame));
        advance();
        return fits;
    }
    usmp::transport_ack ack_of(sent_frame const& frame)
    {
        usmp::transport_ack made{{frame.type, frame.sequence}, {}};
        if (usmp::acks_are_proven(how_))
            made.mac = usmp::prove_ack(crypto_.hmac, made.what, readable_);
        return made;
    }
    void rekey_arrived() { box->rekey_arrived(with(), now); }

    // New keys for what follows.
    void change_keys()
    {
        to_ = {crypto::aead_key::from(bytes{pattern_bytes(32, 77)}.first<32>()), 0};
        box->keys_changed();
    }
    void read_new_keys()
    {
        readable_ = to_.key.copy();
        seen_.clear();
    }

    void wait(duration by)
    {
        auto const until = now + by;
        while (box->deadline() <= until) {
            now = std::max(now, box->deadline());
            collect([&] { box->on_deadline(with(), now, out_); });
            ASSERT_GT(box->deadline(), now);
        }
        now = until;
        collect([&] { box->on_deadline(with(), now, out_); });
    }

    std::optional<sent_frame> next()
    {
        if (sent.empty())
            return std::nullopt;
        auto first = std::move(sent.front());
        sent.pop_front();
        return first;
    }
    sent_frame expect(frame_type type, std::string_view text = {})
    {
        auto const frame = next();
        EXPECT_TRUE(frame) << "nothing was sent";
        if (!frame)
            return {};
        EXPECT_EQ(int(frame->type), int(type));
        if (type != frame_type::rekey)
            EXPECT_EQ(frame->text, text);
        return *frame;
    }
    void expect_again(sent_frame const& frame)
    {
        auto const again = next();
        ASSERT_TRUE(again) << "nothing was sent";
        EXPECT_EQ(to_hex(again->raw), to_hex(frame.raw));
    }
    void expect_undelivered(std::uint64_t number, std::string_view text)
    {
        ASSERT_FALSE(undelivered.empty()) << "nothing was reported";
        EXPECT_EQ(undelivered.front().first, number);
        EXPECT_EQ(undelivered.front().second, text);
        undelivered.pop_front();
    }
    void expect_silence()
    {
        EXPECT_TRUE(sent.empty());
        EXPECT_TRUE(undelivered.empty());
    }

    void measure(duration round_trip)
    {
        for (int i = 0; i < 200; ++i)
            measured.sample(round_trip);
    }

    usmp::outbox::tools with()
    {
        return {{how_, id_, crypto_.aes_gcm}, to_, measured, crypto_.hmac, blocks};
    }

    block_pool blocks{4};
    object_pool<usmp::outbox> pool{1};
    pool_ptr<usmp::outbox> box = pool.take();
    usmp::round_trip measured;
    time_point now = time_point{} + 1h;
    std::deque<sent_frame> sent;
    std::deque<std::pair<std::uint64_t, std::string>> undelivered;
    std::uint32_t retransmitted = 0;

private:
    template <class Act>
    void collect(Act act)
    {
        act();
        for (std::size_t i = 0; i < out_.wire.frames(); ++i)
            sent.push_back(read(out_.wire.frame_at(i)));
        for (auto const& lost : out_.undelivered)
            undelivered.emplace_back(lost.number, text_of(lost.payload));
        retransmitted += out_.retransmitted;
        out_.clear();
    }

    // Whatever is sent under a number is always the same.
    sent_frame read(bytes raw)
    {
        auto const header = *usmp::parse_header(raw);
        auto copy = copy_of(raw);
        auto const text = usmp::open_frame({how_, id_, crypto_.aes_gcm}, header, readable_, copy);
        sent_frame made{
            header.type,
            header.sequence,
            text ? text_of(*text) : "(unreadable)",
            copy_of(raw),
        };
        auto const [known, is_new] =
            seen_.emplace(std::pair{made.sequence, text.has_value()}, made.raw);
        EXPECT_EQ(to_hex(known->second), to_hex(made.raw)) << "a number was used twice";
        return made;
    }

    usmp::profile const& how_;
    usmp::wire_session_id id_{pattern_bytes(16, 9)};
    crypto::workbench crypto_;
    usmp::direction to_;
    crypto::aead_key readable_;
    std::uint64_t number_ = 0;
    output out_;
    std::map<std::pair<std::uint32_t, bool>, byte_string> seen_;
};

// 0.4.7 and 0.5 take frames in strict order, later ones do not.
class outbox : public testing::TestWithParam<usmp::profile const*> {
protected:
    bool strict() const { return !usmp::acks_are_proven(*GetParam()); }
    post_office office{*GetParam()};
};
INSTANTIATE_TEST_SUITE_P(
    release,
    outbox,
    testing::Values(&usmp::r0_4_7, &usmp::r0_5, &usmp::r1_0, &usmp::r1_2),
    [](auto const& instance) {
        std::string name{instance.param->release};
        for (auto& letter : name)
            letter = letter == '.' ? '_' : letter;
        return name;
    }
);

TEST_P(outbox, has_nothing_to_do_at_first)
{
    EXPECT_TRUE(office.box->empty());
    EXPECT_FALSE(office.box->awaits_ack());
    EXPECT_EQ(office.box->backlog(), 0U);
    EXPECT_EQ(office.box->deadline(), never);
    office.advance();
    office.wait(1h);
    office.give_up_messages();
    office.expect_silence();
}

TEST_P(outbox, one_frame_at_a_time)
{
    office.post("one");
    office.post("two");
    EXPECT_EQ(office.box->backlog(), 6U);
    EXPECT_TRUE(office.box->awaits_ack());
    auto const one = office.expect(frame_type::data, "one");
    office.expect_silence();
    EXPECT_TRUE(office.ack(one));
    EXPECT_EQ(office.box->backlog(), 3U);
    auto const two = office.expect(frame_type::data, "two");
    EXPECT_EQ(two.sequence, one.sequence + 1);
    EXPECT_TRUE(office.ack(two));
    office.expect_silence();
    EXPECT_TRUE(office.box->empty());
    EXPECT_FALSE(office.box->awaits_ack());
    EXPECT_EQ(office.box->backlog(), 0U);
    EXPECT_EQ(office.box->deadline(), never);
}

TEST_P(outbox, thousands_in_order)
{
    std::mt19937 random{1};
    std::size_t added = 0;
    for (std::size_t heard = 0; heard < 3000; ++heard) {
        for (auto more = random() % 4; added == heard || more > 0; --more) {
            office.post(std::to_string(added++));
            if (more == 0)
                break;
        }
        ASSERT_TRUE(office.ack(office.expect(frame_type::data, std::to_string(heard))));
    }
}

TEST_P(outbox, an_empty_message_is_a_message)
{
    office.post("");
    EXPECT_FALSE(office.box->empty());
    office.ack(office.expect(frame_type::data, ""));
    EXPECT_TRUE(office.box->empty());
}

TEST_P(outbox, long_messages_go_in_chunks_each_after_the_other)
{
    for (std::size_t const size : {452U, 453U, 904U, 905U, 1808U}) {
        auto const text = pattern_bytes(size);
        office.add(text);
        office.advance();
        byte_string heard;
        while (!office.box->empty()) {
            auto const frame = office.next();
            ASSERT_TRUE(frame);
            append(heard, text_bytes(frame->text));
            bool const last = heard.size() == size;
            EXPECT_EQ(frame->type, last ? frame_type::data : frame_type::data_frag);
            EXPECT_EQ(office.box->backlog(), size) << "it counts until it has arrived as a whole";
            office.expect_silence();
            ASSERT_TRUE(office.ack(*frame));
        }
        EXPECT_EQ(heard, text);
        EXPECT_EQ(office.box->backlog(), 0U);
    }
}

// --- repetition -------------------------------------------------------------------------------

TEST_P(outbox, repeats_what_is_not_acknowledged)
{
    office.post("m");
    auto const frame = office.expect(frame_type::data, "m");
    for (auto const after : {500ms, 1000ms, 2000ms, 4000ms}) {
        office.wait(after - 1ns);
        office.expect_silence();
        office.wait(1ns);
        office.expect_again(frame);
    }
    EXPECT_EQ(office.retransmitted, 4U);
    EXPECT_TRUE(office.ack(frame));
    office.wait(1h);
    office.expect_silence();
}

TEST_P(outbox, gives_a_message_up_after_five_transmissions)
{
    office.post("m");
    office.wait(12'499ms);
    EXPECT_EQ(office.sent.size(), 5U);
    EXPECT_TRUE(office.undelivered.empty());
    office.sent.clear();
    office.wait(1ms);
    office.expect_undelivered(1, "m");
    EXPECT_EQ(office.box->backlog(), 0U);
    office.wait(1h);
    office.expect_silence();
    EXPECT_EQ(office.box->deadline(), never);
}

TEST_P(outbox, but_not_before_twelve_seconds)
{
    office.measure(1ms);
    office.post("m");
    office.wait(11'999ms);
    EXPECT_EQ(office.sent.size(), 5U);
    EXPECT_TRUE(office.undelivered.empty());
    office.wait(1ms);
    office.expect_undelivered(1, "m");
}

TEST_P(outbox, an_acknowledgement_counts_until_the_end)
{
    office.post("m");
    auto const frame = office.expect(frame_type::data, "m");
    office.wait(12'499ms);
    EXPECT_TRUE(office.ack(frame));
    office.sent.clear();
    office.wait(1h);
    office.expect_silence();
}

TEST_P(outbox, learns_how_long_an_acknowledgement_takes)
{
    office.post("m");
    office.now += 400ms;
    office.ack(office.expect(frame_type::data, "m"));
    EXPECT_EQ(office.measured.timeout(1), 725ms);
    office.post("repeated");
    office.wait(725ms);
    office.ack(*office.next());
    EXPECT_EQ(office.measured.timeout(1), 725ms) << "nobody knows which one it is for";
}

// --- what was given up ------------------------------------------------------------------------

TEST(outbox_in_any_order, goes_on_with_the_next_message)
{
    post_office office{usmp::r1_2};
    office.post("lost");
    office.post("next");
    auto const lost = office.expect(frame_type::data, "lost");
    office.wait(12'500ms);
    office.expect_undelivered(1, "lost");
    for (int i = 0; i < 4; ++i)
        office.expect_again(lost);
    auto const next = office.expect(frame_type::data, "next");
    EXPECT_EQ(next.sequence, lost.sequence + 1);
    EXPECT_FALSE(office.ack(lost)) << "too late, it was reported";
    EXPECT_TRUE(office.ack(next));
    EXPECT_TRUE(office.box->empty());
}

TEST(outbox_in_any_order, separates_a_broken_off_message_from_the_next)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1000));
    office.post("next");
    office.ack(*office.next());
    EXPECT_EQ(office.next()->type, frame_type::data_frag);
    office.wait(14'725ms);
    office.expect_undelivered(1, text_of(pattern_bytes(1000)));
    while (office.sent.size() > 1)
        office.next();
    auto const separator = office.expect(frame_type::ping);
    office.expect_silence();
    office.ack(separator);
    office.ack(office.expect(frame_type::data, "next"));
    EXPECT_TRUE(office.box->empty());
}

TEST(outbox_in_any_order, separates_also_when_nothing_follows_yet)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1000));
    office.advance();
    office.wait(12'500ms);
    EXPECT_EQ(office.undelivered.size(), 1U);
    auto const separator = office.sent.back();
    EXPECT_EQ(separator.type, frame_type::ping);
    office.sent.clear();
    office.post("later");
    EXPECT_TRUE(office.sent.empty());
    office.ack(separator);
    office.expect(frame_type::data, "later");
}

// A device that missed the separator too would join the pieces of two messages.
TEST(outbox_in_any_order, nothing_overtakes_the_separator)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1000));
    office.advance();
    office.wait(12'500ms);
    auto const separator = office.sent.back();
    ASSERT_EQ(separator.type, frame_type::ping);
    office.sent.clear();
    office.undelivered.clear();
    office.wait(60s);
    EXPECT_LE(office.sent.size(), 4U);
    office.sent.clear();
    office.post("later");
    office.expect_again(separator);
    office.expect_silence();
    office.ack(separator);
    office.expect(frame_type::data, "later");
}

// Devices before 0.6 take nothing before the frame that they miss.
class outbox_in_order : public testing::TestWithParam<usmp::profile const*> {
protected:
    post_office office{*GetParam()};
};
INSTANTIATE_TEST_SUITE_P(
    release,
    outbox_in_order,
    testing::Values(&usmp::r0_4_7, &usmp::r0_5),
    [](auto const& instance) { return std::string{instance.index == 0 ? "r0_4_7" : "r0_5"}; }
);

TEST_P(outbox_in_order, the_frame_stays_and_is_tried_again)
{
    office.post("lost");
    auto const frame = office.expect(frame_type::data, "lost");
    office.wait(12'500ms);
    office.expect_undelivered(1, "lost");
    office.sent.clear();
    office.wait(1h);
    office.expect_silence();

    office.post("next");
    office.expect_again(frame);
    office.expect_silence();
    EXPECT_TRUE(office.ack(frame));
    auto const next = office.expect(frame_type::data, "next");
    EXPECT_EQ(next.sequence, frame.sequence + 1);
    EXPECT_TRUE(office.ack(next));
    EXPECT_TRUE(office.box->empty());
    office.expect_silence();
}

TEST_P(outbox_in_order, each_message_behind_it_has_its_own_time)
{
    for (auto const* text : {"1", "2", "3"})
        office.post(text);
    auto const frame = office.expect(frame_type::data, "1");
    for (std::uint64_t number = 1; number <= 3; ++number) {
        office.wait(12'499ms);
        EXPECT_TRUE(office.undelivered.empty());
        office.wait(1ms);
        office.expect_undelivered(number, std::to_string(number));
    }
    EXPECT_EQ(office.box->backlog(), 0U);
    while (!office.sent.empty())
        office.expect_again(frame);
    office.wait(1h);
    office.expect_silence();
}

// However late it came, it was not sent yet.
TEST_P(outbox_in_order, a_message_behind_a_pong_has_its_own_time)
{
    office.measure(1ms);
    office.box->want_pong();
    office.advance();
    office.wait(3s);
    office.post("m");
    office.wait(12s);
    EXPECT_TRUE(office.undelivered.empty()) << "it was given up before its time";
    office.wait(100ms);
    office.expect_undelivered(1, "m");
    EXPECT_EQ(office.sent.back().text, "m");
}

TEST_P(outbox_in_order, separates_a_broken_off_message_from_the_next)
{
    office.add(pattern_bytes(1000));
    office.post("next");
    auto const first = *office.next();
    office.ack(first);
    auto const second = *office.next();
    office.wait(14'725ms);
    EXPECT_EQ(office.undelivered.size(), 1U);
    office.sent.clear();
    EXPECT_TRUE(office.ack(second));
    office.ack(office.expect(frame_type::ping));
    office.ack(office.expect(frame_type::data, "next"));
    EXPECT_TRUE(office.box->empty());
}

// --- PONG -------------------------------------------------------------------------------------

TEST_P(outbox, pongs_that_wait_are_one)
{
    for (int i = 0; i < 5; ++i)
        office.box->want_pong();
    office.advance();
    auto const pong = office.expect(frame_type::pong);
    office.expect_silence();
    for (int i = 0; i < 5; ++i)
        office.box->want_pong();
    office.advance();
    office.ack(pong);
    office.ack(office.expect(frame_type::pong));
    office.expect_silence();
    EXPECT_TRUE(office.box->empty());
}

TEST_P(outbox, a_pong_comes_before_the_next_message_but_never_into_one)
{
    office.add(pattern_bytes(500));
    office.post("next");
    office.box->want_pong();
    office.advance();
    office.ack(*office.next());
    office.ack(*office.next());
    office.ack(office.expect(frame_type::pong));
    office.expect(frame_type::data, "next");
}

TEST_P(outbox, a_pong_that_is_not_acknowledged_is_nobodys_loss)
{
    office.box->want_pong();
    office.advance();
    office.wait(1h);
    EXPECT_EQ(office.sent.size(), 5U);
    EXPECT_TRUE(office.undelivered.empty());
    office.sent.clear();
    office.post("m");
    while (office.sent.size() > 1)
        EXPECT_EQ(office.next()->type, frame_type::pong);
    EXPECT_TRUE(office.ack(office.expect(frame_type::data, "m")));
    EXPECT_TRUE(office.box->empty());
}

// Nothing is known of it: it goes along with what follows, which cannot be taken without it.
TEST_P(outbox_in_order, a_pong_that_was_given_up_accompanies_what_follows)
{
    office.box->want_pong();
    office.advance();
    auto const pong = office.expect(frame_type::pong);
    office.wait(1h);
    office.sent.clear();
    office.post("m");
    office.expect_again(pong);
    auto const frame = office.expect(frame_type::data, "m");
    EXPECT_EQ(frame.sequence, pong.sequence + 1);
    office.wait(500ms);
    office.expect_again(pong);
    office.expect_again(frame);
    EXPECT_FALSE(office.ack(pong));
    EXPECT_TRUE(office.ack(frame));
    office.post("next");
    office.expect(frame_type::data, "next");
    office.expect_silence();
}

// --- BYE --------------------------------------------------------------------------------------

TEST_P(outbox, bye_follows_what_waits)
{
    office.post("out");
    office.post("waiting");
    office.box->want_bye();
    office.advance();
    EXPECT_FALSE(office.box->said_bye());
    office.ack(office.expect(frame_type::data, "out"));
    office.ack(office.expect(frame_type::data, "waiting"));
    EXPECT_TRUE(office.box->said_bye());
    auto const bye = office.expect(frame_type::bye);
    EXPECT_EQ(bye.sequence, 2U);
    office.wait(1s);
    office.expect_again(bye);
    EXPECT_TRUE(office.ack(bye));
    EXPECT_TRUE(office.box->empty());
    office.expect_silence();
}

TEST_P(outbox, bye_follows_also_what_was_given_up)
{
    office.post("out");
    office.post("waiting");
    office.box->want_bye();
    auto const out = office.expect(frame_type::data, "out");
    office.wait(25s);
    office.expect_undelivered(1, "out");
    office.expect_undelivered(2, "waiting");
    if (strict()) {
        EXPECT_FALSE(office.box->said_bye());
        office.sent.clear();
        office.ack(out);
    }
    ASSERT_FALSE(office.sent.empty());
    EXPECT_EQ(office.sent.back().type, frame_type::bye);
    EXPECT_TRUE(office.box->said_bye());
}

TEST_P(outbox, bye_may_go_out_at_once)
{
    office.post("out");
    office.post("waiting");
    office.box->want_pong();
    office.sent.clear();
    office.say_bye();
    auto const bye = office.expect(frame_type::bye);
    EXPECT_EQ(bye.sequence, 1U);
    office.expect_silence();
    office.wait(500ms);
    office.expect_again(bye);
    EXPECT_TRUE(office.ack(office.ack_of(bye)));
}

TEST_P(outbox, nothing_follows_bye)
{
    for (bool const is_acknowledged : {false, true}) {
        post_office fresh{*GetParam()};
        fresh.post("out");
        fresh.post("waiting");
        fresh.box->want_pong();
        fresh.sent.clear();
        fresh.say_bye();
        auto const bye = fresh.expect(frame_type::bye);
        if (is_acknowledged)
            fresh.ack(bye);
        fresh.wait(1h);
        fresh.advance();
        fresh.wait(1h);
        while (!fresh.sent.empty())
            fresh.expect_again(bye);
    }
}

TEST_P(outbox, messages_that_bye_overtook_are_undelivered)
{
    office.post("out");
    office.post("waiting");
    office.sent.clear();
    office.say_bye();
    EXPECT_TRUE(office.ack(office.ack_of(office.expect(frame_type::bye))));
    office.give_up_messages();
    office.expect_undelivered(1, "out");
    office.expect_undelivered(2, "waiting");
    EXPECT_EQ(office.box->backlog(), 0U);
}

// --- REKEY ------------------------------------------------------------------------------------

TEST(outbox_rekey, stays_until_it_arrived)
{
    post_office office{usmp::r1_2};
    office.send_rekey();
    auto const rekey = office.expect(frame_type::rekey);
    EXPECT_EQ(rekey.text, text_of(pattern_bytes(32)));
    office.wait(60s);
    EXPECT_EQ(office.sent.size(), 4U);
    office.sent.clear();
    EXPECT_TRUE(office.undelivered.empty());
    office.post("m");
    office.expect_again(rekey);
    office.expect_silence();
    EXPECT_TRUE(office.ack(rekey));
    office.expect(frame_type::data, "m");
}

TEST(outbox_rekey, may_show_itself_to_have_arrived)
{
    post_office office{usmp::r1_2};
    office.send_rekey();
    office.expect(frame_type::rekey);
    office.rekey_arrived();
    EXPECT_TRUE(office.box->empty());
    EXPECT_EQ(office.box->deadline(), never);

    office.post("other frames do not");
    office.rekey_arrived();
    EXPECT_TRUE(office.box->awaits_ack());
}

TEST(outbox_rekey, is_sent_only_when_nothing_is_on_its_way)
{
    post_office office{usmp::r1_2};
    office.post("m");
    EXPECT_DEATH(office.send_rekey(), "");
}

TEST(outbox_rekey, what_is_out_when_the_device_changes_keys_is_undelivered)
{
    post_office office{usmp::r1_2};
    office.post("out");
    office.post("waiting");
    auto const said = office.ack_of(office.expect(frame_type::data, "out"));
    office.change_keys();
    office.read_new_keys();
    office.wait(499ms);
    office.expect_silence();  // its acknowledgement may be on its way
    office.wait(1ms);
    office.expect_undelivered(1, "out");
    auto const waiting = office.expect(frame_type::data, "waiting");
    EXPECT_EQ(waiting.sequence, 0U) << "under the new key";
    EXPECT_FALSE(office.ack(said)) << "of the same number under the old key";
    EXPECT_TRUE(office.ack(waiting));
    EXPECT_TRUE(office.box->empty());
}

TEST(outbox_rekey, unless_its_acknowledgement_was_on_its_way)
{
    post_office office{usmp::r1_2};
    office.post("out");
    auto const said = office.ack_of(office.expect(frame_type::data, "out"));
    office.change_keys();
    EXPECT_TRUE(office.ack(said));
    office.wait(1h);
    office.expect_silence();
    EXPECT_TRUE(office.box->empty());
}

// Whatever the device had of it is forgotten with its keys: the rest would look like a message.
TEST(outbox_rekey, no_message_goes_on_under_other_keys)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1000));
    office.post("next");
    auto const said = office.ack_of(*office.next());
    office.change_keys();
    office.read_new_keys();
    EXPECT_TRUE(office.ack(said));
    office.advance();
    office.expect_undelivered(1, text_of(pattern_bytes(1000)));
    office.ack(office.expect(frame_type::ping));
    office.ack(office.expect(frame_type::data, "next"));
    EXPECT_TRUE(office.box->empty());
    EXPECT_EQ(office.box->backlog(), 0U);
}

TEST(outbox_rekey, the_last_piece_of_a_message_still_counts)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(500));
    office.advance();
    office.ack(*office.next());
    auto const said = office.ack_of(*office.next());
    office.change_keys();
    office.read_new_keys();
    EXPECT_TRUE(office.ack(said));
    office.post("next");
    office.expect(frame_type::data, "next");
    EXPECT_TRUE(office.undelivered.empty());
}

TEST(outbox_rekey, the_next_frame_is_readable_again)
{
    post_office office{usmp::r1_2};
    office.post("out");
    office.change_keys();
    office.read_new_keys();
    office.wait(1s);
    office.sent.clear();
    office.undelivered.clear();
    office.post("new");
    auto const frame = office.expect(frame_type::data, "new");
    office.wait(500ms);
    office.expect_again(frame);
    EXPECT_TRUE(office.undelivered.empty());
}

TEST(outbox_rekey, what_cannot_be_read_is_not_sent_again)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1000));
    office.advance();
    office.wait(30s);
    ASSERT_EQ(office.sent.back().type, frame_type::ping);
    office.sent.clear();
    office.undelivered.clear();
    office.change_keys();
    office.read_new_keys();
    office.post("new");
    office.wait(10s);
    ASSERT_FALSE(office.sent.empty());
    for (auto const& frame : office.sent)
        EXPECT_NE(frame.text, "(unreadable)");
    EXPECT_EQ(office.sent.back().text, "new");
}

TEST(outbox_rekey, a_long_message_is_lost_as_a_whole)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1808));
    office.advance();
    office.ack(*office.next());
    EXPECT_EQ(office.next()->type, frame_type::data_frag);
    office.change_keys();
    office.read_new_keys();
    office.wait(1s);
    office.expect_undelivered(1, text_of(pattern_bytes(1808)));
    EXPECT_EQ(office.box->backlog(), 0U);
    office.ack(office.expect(frame_type::ping));
    EXPECT_TRUE(office.box->empty());
}

// --- acknowledgements -------------------------------------------------------------------------

TEST_P(outbox, an_acknowledgement_names_the_frame_that_is_out)
{
    office.post("m");
    auto const frame = office.expect(frame_type::data, "m");
    auto wrong = frame;
    wrong.sequence = 1;
    EXPECT_FALSE(office.ack(wrong));
    wrong = frame;
    wrong.type = frame_type::data_frag;
    EXPECT_FALSE(office.ack(wrong));
    EXPECT_TRUE(office.box->awaits_ack());
    EXPECT_TRUE(office.ack(frame));
    EXPECT_FALSE(office.ack(frame)) << "once";
}

TEST_P(outbox, an_acknowledgement_proves_itself_from_0_6_on)
{
    office.post("m");
    auto const frame = office.expect(frame_type::data, "m");
    auto said = office.ack_of(frame);
    if (strict()) {
        said.mac = usmp::ack_mac{};
        EXPECT_TRUE(office.ack(said)) << "what stands behind seven bytes does not count";
        return;
    }
    for (std::size_t i = 0; i < usmp::ack_mac_size; ++i) {
        auto wrong = said;
        wrong.mac->at(i) ^= 0x10;
        EXPECT_FALSE(office.ack(wrong));
    }
    auto const without = usmp::transport_ack{said.what, {}};
    EXPECT_FALSE(office.ack(without));
    EXPECT_TRUE(office.ack(said));
}

// --- the end ----------------------------------------------------------------------------------

TEST_P(outbox, all_that_is_not_acknowledged_is_reported_at_the_end)
{
    for (auto const* text : {"1", "2", "3", "4"})
        office.post(text);
    office.ack(office.expect(frame_type::data, "1"));
    office.give_up_messages();
    for (std::uint64_t number = 2; number <= 4; ++number)
        office.expect_undelivered(number, std::to_string(number));
    EXPECT_TRUE(office.undelivered.empty());
    EXPECT_EQ(office.box->backlog(), 0U);
    office.give_up_messages();
    EXPECT_TRUE(office.undelivered.empty());
    office.sent.clear();
    office.wait(1h);
    office.expect_silence();
}

TEST_P(outbox, is_like_new_when_it_comes_back)
{
    office.add(pattern_bytes(1000));
    office.post("m");
    office.box->want_pong();
    office.wait(12'500ms);
    auto const* const before = office.box.get();
    office.box.reset();
    office.box = office.pool.take();
    ASSERT_EQ(office.box.get(), before);
    office.sent.clear();
    office.undelivered.clear();
    EXPECT_TRUE(office.box->empty());
    EXPECT_EQ(office.box->backlog(), 0U);
    EXPECT_EQ(office.box->deadline(), never);
    EXPECT_FALSE(office.box->awaits_ack());
    office.advance();
    office.give_up_messages();
    office.expect_silence();
    office.post("new");
    EXPECT_TRUE(office.ack(office.expect(frame_type::data, "new")));
}

}  // namespace
}  // namespace gatehouse::test
