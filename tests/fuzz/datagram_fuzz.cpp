// A script of what happens to a datagram listener and one device of it, after three bytes: which
// generation, whether addresses must be proven and whether the device is let in first; how the rest
// is read is in `scene::play`. Datagrams come raw, from the device (sealed, repeated, corrupted),
// in any order, mixed with messages of the backend and time.
#include "fuzz/require.h"
#include "protocol/usmp/datagram_door.h"
#include "support/datagram_talk.h"
#include "wire/reader.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace literals;
using verdict = datagram_look::verdict;

byte_string const recorded_psk =
    "75736d702d766563746f722d70736b2d30313233343536373839616263646566"_hex;
byte_string const recorded_draws =
    "0000000000000000000000000000000000000000000000000000000000000000"
    "4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60"
    "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
    "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"_hex;
byte_string const recorded_device = "001a2b3c4d5e"_hex;

bool is_ack(bytes datagram)
{
    return datagram[0] == 0xac;
}

// What the recorded sessions were made with, so that their datagrams get in.
usmp_world_setup recorded_world()
{
    usmp_world_setup made;
    made.devices = {{"00:1a:2b:3c:4d:5e", {{recorded_psk}}}};
    made.random = recorded_draws;
    made.first_id = 0xd0d1d2d3d4d5d6d7;
    made.config.admit_v1 = false;
    made.config.frame_budget = 20;
    return made;
}

class scene {
public:
    scene(wire_generation generation, usmp::cookie_policy policy)
        : door_{world_.env, policy, {.most = 2}}
        , policy_{policy}
        , device_{{.generation = generation, .psk = recorded_psk, .device_id = recorded_device}}
    {
    }

    void shake_hands()
    {
        session_ = door_.open(now_ + std::chrono::seconds{10});
        from_device(device_.hello());
        require(device_.take_challenge(last_frame_));
        from_device(device_.ack_of(last_frame_));
        from_device(device_.hello_ack());
        require(device_.take_session_ok(last_frame_));
        from_device(device_.ack_of(last_frame_));
        require(session_->facts().authenticated);
    }

    void play(wire::reader in)
    {
        while (in.remaining() > 0) {
            auto const choice = in.little<std::uint8_t>();
            std::uint8_t const low = choice & 0x0fU;
            switch (choice >> 4) {
            case 0:
                raw(some(in, 1));
                break;
            case 1:
                raw(some(in, 2));
                break;
            case 2:
            case 3:
            case 4:
                sealed(low, some(in, 2));
                break;
            case 5:
                numbered(low, in);
                break;
            case 6:
                again(in.little<std::uint8_t>(), {});
                break;
            case 7:
                again(in.little<std::uint8_t>(), in.little<std::uint16_t>());
                break;
            case 8:
            case 9:
                send(some(in, 8));
                break;
            case 10:
                if (alive())
                    call([&] { session_->taken_over(now_, low, out_); });
                break;
            case 11:
            case 12:
                wait(std::chrono::milliseconds{std::int64_t{1} << low});
                break;
            case 13:
                acknowledge(low);
                break;
            case 14:
                shake_part(low);
                break;
            default:
                end(low);
            }
        }
        give_up();
    }

private:
    bool alive() const { return session_ && !over_; }

    static bytes some(wire::reader& in, std::size_t unit)
    {
        auto const size = unit * in.little<std::uint8_t>();
        return in.take(std::min({in.remaining(), size, std::size_t{1900}}));
    }

    // Bytes that nobody vouches for.
    void raw(bytes datagram)
    {
        auto const made = receive(datagram);
        if (!made)
            return;
        require(!made->delivered || known(datagram));
        require(!made->acknowledged_session || known(datagram));
    }

    void from_device(byte_string const& datagram)
    {
        said_.push_back(datagram);
        receive(datagram);
    }

    // Does it repeat what the device said? In the recorded world, anything may.
    bool known(bytes datagram) const
    {
        return !shaken_ || std::any_of(said_.begin(), said_.end(), [&](auto const& each) {
            return std::equal(each.begin(), each.end(), datagram.begin(), datagram.end());
        });
    }

    struct effect {
        bool delivered = false;
        bool acknowledged_session = false;
    };

    // Past the door, as a listener does it.
    std::optional<effect> receive(bytes datagram)
    {
        auto const seen = door_.look(datagram);
        if (seen.what == verdict::refused)
            return std::nullopt;
        if (seen.what == verdict::hello && !alive() && !meet(datagram))
            return std::nullopt;
        if (!alive())
            return std::nullopt;
        bool const was_proven = session_->facts().authenticated;
        auto const size = datagram.size();
        auto const memory = std::make_unique<std::uint8_t[]>(size);
        std::copy(datagram.begin(), datagram.end(), memory.get());
        effect made;
        call([&] {
            auto const taken = session_->receive(now_, {memory.get(), size}, out_);
            made.delivered = !out_.up.empty();
            made.acknowledged_session = acknowledges_session();
            bool const refused = !taken;
            require(refused || *taken == 0 || *taken == size);
            require(refused || *taken != 0 || (out_.wire.empty() && out_.up.empty()));
            require(was_proven || out_.up.empty());
            require(was_proven || !made.acknowledged_session);
            // Whatever a refused frame was, only one that was taken before is delivered or said
            // again.
            require(!refused || out_.up.empty());
            require(!session_->heard_newest() || session_->facts().authenticated);
        });
        return made;
    }

    bool meet(bytes hello)
    {
        out_.clear();
        auto const from = peer_address::v4({192, 0, 2, 1}, 40000);
        auto const welcome = door_.meet(now_, from, hello, out_);
        if (welcome == datagram_door::welcome::answered) {
            require(policy_ != usmp::cookie_policy::never);
            require(out_.wire.all().size() <= hello.size());
            cookie_ = copy_of(out_.wire.frame_at(1).subspan(12));
            return false;
        }
        require(out_.wire.empty());
        session_ = door_.open(now_ + std::chrono::seconds{10});
        over_ = false;
        numbers_.clear();
        return true;
    }

    bool acknowledges_session() const
    {
        for (std::size_t i = 0; i < out_.wire.frames(); ++i) {
            auto const each = out_.wire.frame_at(i);
            if (is_ack(each) && each[2] >= wire_type::data)
                return true;
        }
        return false;
    }

    void sealed(std::uint8_t type, bytes text)
    {
        if (!alive() || !shaken_ || text.size() > device_.max_plaintext())
            return;
        bool const rekeys = type == wire_type::rekey && text.size() == 32 &&
                            device_.generation() >= wire_generation::d2;
        has_rekeyed_ = has_rekeyed_ || rekeys;
        from_device(rekeys ? device_.rekey(text) : device_.seal(type, text));
    }

    void numbered(std::uint8_t type, wire::reader& in)
    {
        auto const sequence = in.little<std::uint32_t>();
        auto const text = some(in, 1);
        if (alive() && shaken_)
            from_device(device_.seal_as(type, sequence, text));
    }

    void again(std::size_t which, std::optional<std::uint16_t> change)
    {
        if (said_.empty())
            return;
        auto copy = said_[which % said_.size()];
        if (change && !copy.empty()) {
            copy[*change % copy.size()] ^= static_cast<std::uint8_t>(1 << (*change >> 13));
            if (copy.size() >= 12 && !is_ack(copy) && (*change & 1U) != 0)
                mend_checksum(copy);
        }
        raw(copy);
    }

    void send(bytes text)
    {
        if (!alive())
            return;
        call([&] {
            auto const sent = session_->send(now_, text, out_);
            if (sent)
                ++accepted_;
            else
                require(
                    sent.error() == error::limit_message_size ||
                    sent.error() == error::internal_closed
                );
        });
    }

    void wait(duration by)
    {
        auto const until = now_ + by;
        while (alive() && session_->deadline() <= until) {
            now_ = std::max(now_, session_->deadline());
            call([&] {
                over_ = !session_->on_deadline(now_, out_);
                require(over_ || session_->deadline() > now_);
            });
        }
        now_ = until;
    }

    // The device takes what the gateway said last, and acknowledges it.
    void acknowledge(std::uint8_t how)
    {
        if (!alive() || last_frame_.empty())
            return;
        auto said = device_.ack_of(last_frame_);
        if ((how & 1U) != 0) {
            bool const rekeys = type_of(last_frame_) == wire_type::rekey;
            has_rekeyed_ = has_rekeyed_ || rekeys;
            device_.skip_to(sequence_of(last_frame_));
            device_.open(last_frame_);
        }
        if ((how & 2U) != 0)
            said.resize(7);
        from_device(said);
    }

    // The handshake, step by step.
    void shake_part(std::uint8_t step)
    {
        if (shaken_ && session_ && session_->facts().authenticated)
            return;
        if (step == 0)
            from_device(device_.hello());
        else if (step == 1)
            from_device(device_.hello(cookie_));
        else if (step == 2 && !last_frame_.empty() && device_.take_challenge(last_frame_))
            from_device(device_.hello_ack());
        else if (step == 3 && !last_frame_.empty() && device_.take_session_ok(last_frame_))
            shaken_ = true;
    }

    void end(std::uint8_t how)
    {
        if (how == 1)
            door_.set_backend_capacity(false);
        else if (how == 2)
            door_.set_backend_capacity(true);
        else if (how == 3)
            give_up();
        else if (alive())
            call([&] { session_->end(now_, out_); });
    }

    void give_up()
    {
        if (!session_)
            return;
        call([&] { session_->give_up_messages(out_); });
        require(session_->backlog() == 0);
        over_ = true;
    }

    template <class Act>
    void call(Act act)
    {
        out_.clear();
        act();
        for (auto const message : out_.up)
            require(message.size() <= 1808);
        for (std::size_t i = 0; i < out_.wire.frames(); ++i)
            hear(out_.wire.frame_at(i));
        reported_ += out_.undelivered.size();
        require(reported_ <= accepted_);
        std::uint64_t last = 0;
        for (auto const& lost : out_.undelivered) {
            require(lost.number > last);
            last = lost.number;
        }
        out_.clear();
        over_ = over_ || session_->ended().has_value();
        shaken_ = shaken_ || (session_->facts().authenticated && !device_.session_id().empty());
    }

    // One whole frame or UTACK, and never two frames under one number.
    void hear(bytes datagram)
    {
        if (is_ack(datagram)) {
            require(datagram.size() == 7 || datagram.size() == 15);
            has_rekeyed_ = has_rekeyed_ || datagram[2] == wire_type::rekey;
            return;
        }
        require(datagram.size() >= 12 && datagram.size() == 12 + length_of(datagram));
        auto mended = copy_of(datagram);
        mend_checksum(mended);
        require(std::equal(mended.begin(), mended.end(), datagram.begin()));
        last_frame_ = copy_of(datagram);
        if (type_of(datagram) < wire_type::data)
            return;
        if (type_of(datagram) == wire_type::rekey)
            has_rekeyed_ = true;
        auto const [one, is_new] = numbers_.emplace(sequence_of(datagram), last_frame_);
        require(has_rekeyed_ || is_new || one->second == last_frame_);
    }

    usmp_world world_{recorded_world()};
    usmp::datagram_door door_;
    usmp::cookie_policy policy_;
    reference_device device_;
    time_point now_ = usmp_world_setup{}.now;
    datagram_session_ptr session_;
    output out_;
    byte_string last_frame_;
    byte_string cookie_ = byte_string(16);
    std::vector<byte_string> said_;
    std::map<std::uint32_t, byte_string> numbers_;
    std::size_t accepted_ = 0;
    std::size_t reported_ = 0;
    bool over_ = false;
    bool shaken_ = false;
    bool has_rekeyed_ = false;
};

}  // namespace
}  // namespace gatehouse::test

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace gatehouse;
    using usmp::cookie_policy;
    wire::reader in{{data, size}};
    auto const generation = in.little<std::uint8_t>() % std::size(test::datagram_generations);
    auto const policy = in.little<std::uint8_t>() % 3U;
    auto const way = in.little<std::uint8_t>();
    if (!in.ok())
        return 0;
    constexpr std::array policies{
        cookie_policy::automatic, cookie_policy::always, cookie_policy::never};
    test::scene scene{test::datagram_generations[generation], policies.at(policy)};
    if (way % 2 == 1)
        scene.shake_hands();
    scene.play(in);
    return 0;
}
