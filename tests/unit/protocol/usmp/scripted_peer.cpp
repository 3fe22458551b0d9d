#include "unit/protocol/usmp/scripted_peer.h"

#include <algorithm>

namespace gatehouse::test {

scripted_peer::scripted_peer(usmp::profile const& how) : how_{how}
{
    to_.key = crypto::aead_key::from(bytes{pattern_bytes(32, 1)}.first<32>());
    readable_ = to_.key.copy();
}

usmp::outbox::tools scripted_peer::with()
{
    return {{how_, id_, crypto_.aes_gcm}, to_, measured, crypto_.hmac, blocks};
}

template <class Act>
void scripted_peer::collect(Act act)
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
sent_frame scripted_peer::read(bytes raw)
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

// --- what is to be sent -----------------------------------------------------------------------

void scripted_peer::advance()
{
    collect([&] { box->advance(with(), now, out_); });
}

void scripted_peer::post(std::string_view text)
{
    add(text);
    advance();
}

void scripted_peer::say_bye()
{
    collect([&] { box->say_bye(with(), now, out_); });
}

void scripted_peer::send_rekey()
{
    collect([&] { box->send_rekey(with(), now, pattern_bytes(32), out_); });
}

void scripted_peer::give_up_messages()
{
    collect([&] { box->give_up_messages(out_); });
}

// --- what comes back, and time ----------------------------------------------------------------

bool scripted_peer::ack(usmp::transport_ack const& said)
{
    bool fits = false;
    collect([&] { fits = box->acknowledge(with(), now, said); });
    return fits;
}

bool scripted_peer::ack(sent_frame const& frame)
{
    bool const fits = ack(ack_of(frame));
    advance();
    return fits;
}

usmp::transport_ack scripted_peer::ack_of(sent_frame const& frame)
{
    usmp::transport_ack made{{frame.type, frame.sequence}, {}};
    if (usmp::acks_are_proven(how_))
        made.mac = usmp::prove_ack(crypto_.hmac, made.what, readable_);
    return made;
}

void scripted_peer::change_keys()
{
    to_ = {crypto::aead_key::from(bytes{pattern_bytes(32, 77)}.first<32>()), 0};
    box->keys_changed();
}

void scripted_peer::read_new_keys()
{
    readable_ = to_.key.copy();
    seen_.clear();
}

void scripted_peer::wait(duration by)
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

void scripted_peer::measure(duration round_trip)
{
    for (int i = 0; i < 200; ++i)
        measured.sample(round_trip);
}

// --- what was sent ----------------------------------------------------------------------------

std::optional<sent_frame> scripted_peer::next()
{
    if (sent.empty())
        return std::nullopt;
    auto first = std::move(sent.front());
    sent.pop_front();
    return first;
}

sent_frame scripted_peer::expect(usmp::frame_type type, std::string_view text)
{
    auto const frame = next();
    EXPECT_TRUE(frame) << "nothing was sent";
    if (!frame)
        return {};
    EXPECT_EQ(int(frame->type), int(type));
    if (type != usmp::frame_type::rekey)
        EXPECT_EQ(frame->text, text);
    return *frame;
}

void scripted_peer::expect_again(sent_frame const& frame)
{
    auto const again = next();
    ASSERT_TRUE(again) << "nothing was sent";
    EXPECT_EQ(to_hex(again->raw), to_hex(frame.raw));
}

void scripted_peer::expect_undelivered(std::uint64_t number, std::string_view text)
{
    ASSERT_FALSE(undelivered.empty()) << "nothing was reported";
    EXPECT_EQ(undelivered.front().first, number);
    EXPECT_EQ(undelivered.front().second, text);
    undelivered.pop_front();
}

void scripted_peer::expect_silence()
{
    EXPECT_TRUE(sent.empty());
    EXPECT_TRUE(undelivered.empty());
}

}  // namespace gatehouse::test
