// Any bytes to a session, in three ways that the first byte chooses:
//   a stream from the start, in the world of the recorded vectors, so that their frames get in;
//   a stream after a good handshake;
//   well sealed frames with any type, number and text, mixed with messages of the backend and time.
// The second byte chooses how the stream is cut into pieces.
#include "fuzz/require.h"
#include "protocol/usmp/stream_session.h"
#include "support/reference_device.h"
#include "support/usmp_fixture.h"
#include "wire/reader.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace gatehouse::test {
namespace {

using namespace literals;

byte_string const recorded_psk =
    "75736d702d766563746f722d70736b2d30313233343536373839616263646566"_hex;
byte_string const recorded_draws =
    "4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60"
    "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
    "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"_hex;
byte_string const recorded_device = "001a2b3c4d5e"_hex;

// From the first byte: which way, whose generation, which cipher.
struct plan {
    enum class way : std::uint8_t { whole_stream, stream_after_handshake, sealed_frames };
    way how = way::whole_stream;
    wire_generation generation = wire_generation::a;
    bool chacha = false;

    static plan from(std::uint8_t choice)
    {
        return {
            .how = static_cast<way>(choice % 3),
            .generation = static_cast<wire_generation>(choice / 3 % 6),
            .chacha = choice / 18 % 2 == 1,
        };
    }
};

usmp_world_setup world_for(plan const& chosen)
{
    usmp_world_setup made;
    made.devices = {{"00:1a:2b:3c:4d:5e", {{recorded_psk}}}};
    if (chosen.generation == wire_generation::b)
        made.devices.front().legacy = identity::session_id_length::sixteen;
    made.random = recorded_draws;
    made.first_id = 0xd0d1d2d3d4d5d6d7;
    made.config.frame_budget = 20;
    if (chosen.chacha)
        made.config.cipher = crypto::aead_algorithm::chacha20_poly1305;
    return made;
}

class conversation {
public:
    explicit conversation(plan const& chosen)
        : setup_{world_for(chosen)}
        , world_{setup_}
        , now_{setup_.now}
        , session_{world_.env, now_ + std::chrono::seconds{10}}
        , device_{{
              .generation = chosen.generation,
              .psk = recorded_psk,
              .device_id = recorded_device,
              .cipher = chosen.chacha ? reference::cipher::chacha20_poly1305
                                      : reference::cipher::aes_256_gcm,
          }}
    {
    }

    void shake_hands()
    {
        feed(device_.hello());
        require(device_.take_challenge(out_.wire.frame_at(0)));
        out_.clear();
        feed(device_.hello_ack());
        require(device_.take_session_ok(out_.wire.frame_at(0)));
        out_.clear();
        require(session_.facts().authenticated);
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

    // Each of the device's frames is well sealed; the gateway's answers must be in order.
    void sealed(wire::reader in)
    {
        while (in.remaining() > 0 && !over_) {
            auto const choice = in.little<std::uint8_t>();
            if (choice < 0xc0)
                one_frame(choice, in);
            else if (choice < 0xe0)
                send(in);
            else
                wait(std::chrono::milliseconds{(choice & 0x1fU) * 100U});
            hear();
        }
    }

private:
    void feed(bytes data)
    {
        append(pending_, data);
        auto const size = pending_.size();
        auto const memory = std::make_unique<std::uint8_t[]>(size);
        std::copy(pending_.begin(), pending_.end(), memory.get());
        auto const consumed = session_.receive(now_, {memory.get(), size}, out_);
        require(out_.up.empty() || session_.facts().authenticated);
        for (auto const message : out_.up)
            require(message.size() <= 1808);
        over_ = !consumed || session_.ended();
        if (!consumed)
            return;
        require(*consumed <= size);
        // What is left is less than a frame, unless the device said goodbye.
        require(session_.ended() || size - *consumed < usmp::frame_limit);
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(*consumed));
    }

    void one_frame(std::uint8_t choice, wire::reader& in)
    {
        auto const type = static_cast<std::uint8_t>(choice & 0x0f);
        auto const text = in.take(std::min(in.remaining(), std::size_t{choice} >> 4 << 5));
        bool const rekeys = type == wire_type::rekey && text.size() == 32 &&
                            device_.generation() >= wire_generation::d2;
        if (text.size() > device_.max_plaintext())
            return;
        if ((choice & 0x80) != 0)
            feed(device_.seal_as(type, in.little<std::uint32_t>(), text));
        else
            feed(rekeys ? device_.rekey(text) : device_.seal(type, text));
    }

    void send(wire::reader& in)
    {
        auto const text =
            in.take(std::min(in.remaining(), std::size_t{in.little<std::uint8_t>()} * 8));
        auto const sent = session_.send(now_, text, out_);
        if (!sent && sent.error() == error::limit_message_size)
            require(text.size() > device_.message_limit() && out_.wire.empty());
        else
            over_ = !sent;
    }

    void wait(duration by)
    {
        now_ += by;
        over_ = !session_.on_deadline(now_, out_);
        require(!over_ || session_.deadline() <= now_);
    }

    void hear()
    {
        for (std::size_t i = 0; i < out_.wire.frames(); ++i)
            require(device_.open(out_.wire.frame_at(i)).has_value());
        out_.clear();
    }

    usmp_world_setup setup_;
    usmp_world world_;
    time_point now_;
    usmp::stream_session session_;
    reference_device device_;
    output out_;
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
    if (chosen.how != way::whole_stream)
        talk.shake_hands();
    if (chosen.how == way::sealed_frames)
        talk.sealed(in);
    else
        talk.stream(in.take_rest(), cuts);
    return 0;
}
