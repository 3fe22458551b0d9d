// Any bytes to an SPP session, in the ways that the first byte chooses: a stream from the start, in
// the world of the recorded vectors, so that their frames get in; the same when the gateway spoke
// first; a stream after a good handshake; well sealed records with any content, mixed with messages
// of the backend and time. The second byte chooses how the stream is cut into pieces.
#include "fuzz/require.h"
#include "protocol/spp/record.h"
#include "support/reference_spp.h"
#include "support/spp_world.h"
#include "wire/reader.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace gatehouse::test {
namespace {

using namespace literals;

byte_string const recorded_identity =
    "79b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664"_hex;
byte_string const recorded_seed =
    "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"_hex;
byte_string const recorded_gateway_seed =
    "2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40"_hex;
byte_string const recorded_gateway_identity =
    "e7f162a10bec559afea195e4dce84b69568d5d2cb0963eb446c0685e2b17f2f0"_hex;
byte_string const recorded_draws =
    "6162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80"_hex;

constexpr std::size_t message_limit = 2000;

struct plan {
    enum class way : std::uint8_t { whole_stream, gateway_first, after_handshake, sealed };
    way how = way::whole_stream;
    char const* generation = "0.2";

    static plan from(std::uint8_t choice)
    {
        constexpr std::array generations{"0.2", "0.1", "rs-d"};
        return {static_cast<way>(choice % 4), generations.at(choice / 4U % 3)};
    }
};

spp_world_setup recorded_world()
{
    spp_world_setup made;
    made.gateway_keys = {{recorded_gateway_seed}};
    made.devices = {{usual_meter, recorded_identity}};
    made.random = recorded_draws;
    made.config.record_budget = 20;
    made.config.message_limit = message_limit;
    made.config.idle_timeout = std::chrono::seconds{60};
    return made;
}

class conversation {
public:
    explicit conversation(plan const& chosen)
        : setup_{recorded_world()}
        , world_{setup_}
        , now_{setup_.now}
        , device_{{
              .generation = chosen.generation,
              .seed = recorded_seed,
              .gateway_identity = recorded_gateway_identity,
          }}
    {
        auto const deadline = now_ + std::chrono::seconds{10};
        if (chosen.how == plan::way::gateway_first)
            session_ = std::move(world_.door.greet(deadline, setup_.peer, out_)).value();
        else
            session_ = world_.door.open(deadline, setup_.peer);
        out_.clear();
    }

    void shake_hands()
    {
        feed(device_.hello());
        require(device_.take_hello(out_.wire.frame_at(0)));
        out_.clear();
        require(!session_->facts().authenticated);
        feed(device_.record("first"));
        require(session_->facts().authenticated);
        out_.clear();
    }

    void stream(bytes data, std::uint8_t cuts)
    {
        while (!data.empty() && !over_) {
            std::size_t const piece = cuts == 0 ? data.size() : 1 + cuts * 7U % 61;
            auto const now = data.first(std::min(piece, data.size()));
            feed(now);
            out_.clear();
            cuts = static_cast<std::uint8_t>(cuts == 1 || cuts == 0 ? cuts : cuts * 5 + 3);
            data = data.subspan(now.size());
        }
    }

    // The gateway's records must be in order.
    void sealed(wire::reader in)
    {
        while (in.remaining() > 0 && !over_) {
            auto const choice = in.little<std::uint8_t>();
            if (choice < 0x80)
                feed(device_.record(some(in, choice)));
            else if (choice < 0xa0)
                feed(device_.seal(some(in, choice & 0x1fU)));
            else if (choice < 0xe0)
                send(some(in, std::size_t{choice} << 4));
            else
                wait(std::chrono::seconds{choice & 0x1fU});
            hear();
        }
    }

private:
    static bytes some(wire::reader& in, std::size_t size)
    {
        return in.take(std::min(in.remaining(), size));
    }

    void feed(bytes data)
    {
        append(pending_, data);
        auto const size = pending_.size();
        auto const memory = std::make_unique<std::uint8_t[]>(size);
        std::copy(pending_.begin(), pending_.end(), memory.get());
        auto const consumed = session_->receive(now_, {memory.get(), size}, out_);
        require(out_.up.empty() || session_->facts().authenticated);
        for (auto const message : out_.up)
            require(message.size() <= message_limit + spp::sequence_size);
        over_ = !consumed;
        if (!consumed)
            return;
        require(*consumed <= size);
        // What is left is less than a record.
        require(size - *consumed < spp::length_size + 36 + message_limit);
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(*consumed));
    }

    void send(bytes text)
    {
        auto const sent = session_->send(now_, text, out_);
        if (!sent && sent.error() == error::limit_message_size)
            require(text.size() > message_limit && out_.wire.empty());
        else
            over_ = over_ || !sent;
    }

    void wait(duration by)
    {
        now_ += by;
        over_ = !session_->on_deadline(now_, out_) || over_;
        require(!over_ || session_->deadline() <= now_);
    }

    void hear()
    {
        for (std::size_t i = 0; i < out_.wire.frames(); ++i)
            require(device_.open(out_.wire.frame_at(i)).has_value());
        out_.clear();
    }

    spp_world_setup setup_;
    spp_world world_;
    time_point now_;
    reference_spp_device device_;
    output out_;
    std::unique_ptr<session> session_;
    byte_string pending_;
    bool over_ = false;
};

}  // namespace
}  // namespace gatehouse::test

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace gatehouse;
    using way = test::plan::way;
    wire::reader in{{data, size}};
    auto const chosen = test::plan::from(in.little<std::uint8_t>());
    auto const cuts = in.little<std::uint8_t>();
    if (!in.ok())
        return 0;
    test::conversation talk{chosen};
    if (chosen.how == way::after_handshake || chosen.how == way::sealed)
        talk.shake_hands();
    if (chosen.how == way::sealed)
        talk.sealed(in);
    else
        talk.stream(in.take_rest(), cuts);
    return 0;
}
