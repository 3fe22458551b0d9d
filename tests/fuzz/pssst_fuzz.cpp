// A script of what happens to a PSSST listener: datagrams, repetitions of them, replies of the
// backend, and time. The gateway's key is the one that the recorded packets were made for, so that
// they get in.
#include "fuzz/require.h"
#include "support/pssst_fixture.h"
#include "wire/reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace literals;

byte_string const recorded_gateway =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"_hex;
byte_string const recorded_client =
    "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254"_hex;

constexpr std::size_t most_remembered = 8;
constexpr std::size_t largest_reply = 300;

class scene {
public:
    scene()
    {
        world_.use(recorded_pssst_keyring(recorded_gateway, recorded_client));
        world_.env.config.max_reply = largest_reply;
        world_.known.set_bounds({most_remembered, 1, std::chrono::seconds{30}});
    }

    void play(wire::reader in)
    {
        while (in.remaining() > 0) {
            auto const choice = in.little<std::uint8_t>();
            switch (choice % 4) {
            case 0:
                heard_.push_back(copy_of(some(in)));
                arrives(heard_.back());
                break;
            case 1:
                repeat(choice >> 2);
                break;
            case 2:
                reply(choice >> 2, in.little<std::uint16_t>() % 400);
                break;
            default:
                wait(std::chrono::milliseconds{std::int64_t{1} << (choice >> 4)});
            }
        }
    }

private:
    struct open_request {
        byte_string packet;
        datagram_session_ptr session;
    };

    static bytes some(wire::reader& in)
    {
        auto const size = in.big<std::uint16_t>();
        return in.take(std::min<std::size_t>({in.remaining(), size, 2048}));
    }

    void arrives(byte_string const& packet)
    {
        auto const accepted_before = accepted_;
        auto session = world_.arrives(packet);
        require(world_.known.size() <= most_remembered);
        if (session) {
            ++accepted_;
            require(session->facts().authenticated);
            require(world_.out.wire.empty() && world_.out.up.size() == 1);
            auto const extra = packet.size() - world_.out.up.front().size();
            require(extra == pssst::overhead || extra == pssst::overhead + pssst::proof_size);
            open_.push_back({packet, std::move(session)});
            return;
        }
        require(accepted_ == accepted_before && world_.out.up.empty());
        if (world_.welcomed != datagram_door::welcome::answered || world_.refused != error{})
            return;
        // The same bytes as before, and never to another packet.
        auto const before = replies_.find(packet);
        require(before != replies_.end());
        require(copy_of(world_.out.wire.all()) == before->second);
    }

    void repeat(std::size_t which)
    {
        if (!heard_.empty())
            arrives(heard_[which % heard_.size()]);
    }

    void reply(std::size_t which, std::size_t size)
    {
        if (open_.empty())
            return;
        auto const at = open_.begin() + static_cast<std::ptrdiff_t>(which % open_.size());
        world_.out.clear();
        auto const sent = at->session->send(world_.now, byte_string(size, 0x61), world_.out);
        auto const packet_size = size + pssst::overhead;
        bool const is_anonymous = (at->packet.front() & 0x40U) == 0;
        bool const fits =
            packet_size <= largest_reply && (!is_anonymous || packet_size <= at->packet.size());
        require(sent.has_value() == fits);
        require(world_.out.wire.frames() == (fits ? 1U : 0U));
        require(at->session->ended().has_value() == fits);
        if (!fits)
            return;
        require(world_.out.wire.all().size() == packet_size);
        replies_[at->packet] = copy_of(world_.out.wire.all());
        open_.erase(at);
    }

    void wait(duration by)
    {
        world_.now += by;
        std::erase_if(open_, [&](open_request& one) {
            return one.session->deadline() <= world_.now &&
                   !one.session->on_deadline(world_.now, world_.out);
        });
    }

    pssst_world world_;
    std::vector<byte_string> heard_;
    std::vector<open_request> open_;
    std::map<byte_string, byte_string> replies_;
    std::size_t accepted_ = 0;
};

}  // namespace
}  // namespace gatehouse::test

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    gatehouse::test::scene scene;
    scene.play(gatehouse::wire::reader{{data, size}});
    return 0;
}
