// Any bytes to an Array-Crypto connection, in the ways that the first byte chooses: a stream of
// requests as it is; bodies of handshakes; messages that were well sealed, with any text, mixed
// with answers of the backend and time. The second byte chooses how a stream is cut into pieces.
#include "fuzz/require.h"
#include "protocol/array_crypto/handshake_body.h"
#include "support/array_crypto_world.h"
#include "wire/reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace gatehouse::test {
namespace {

constexpr std::size_t message_limit = 2000;

array_crypto_world_setup fuzzed_world()
{
    array_crypto_world_setup made;
    made.config.message_limit = message_limit;
    made.devices.push_back({"root", array_crypto::profile::v2, "", "secret", "password"});
    return made;
}

class conversation {
public:
    void stream(bytes data, std::uint8_t cuts)
    {
        while (!data.empty()) {
            std::size_t const piece = cuts == 0 ? data.size() : 1 + cuts * 7U % 61;
            auto const now = data.first(std::min(piece, data.size()));
            talk_.send(as_text(now));
            check();
            data = data.subspan(now.size());
        }
    }

    void sealed(wire::reader in)
    {
        while (in.remaining() > 0 && !talk_.failed && !talk_.live->turned_away()) {
            auto const choice = in.little<std::uint8_t>();
            auto const text =
                as_text(in.take(std::min<std::size_t>(in.remaining(), choice & 0x3fU)));
            if (choice < 0x80)
                exchange(text);
            else if (choice < 0xc0)
                talk_.reply(as_bytes(text));
            else
                wait(std::chrono::seconds{choice & 0x1fU});
            check();
        }
    }

private:
    void exchange(std::string_view text)
    {
        // With a message before it, the snapshot is not answered.
        auto const told = talk_.send(request_text("GET", "/dev/sensor-2/snapshot", {}, {}));
        if (told.empty() || told.front().status != 200)
            return;
        auto const message = sealed_v2(pair_of(told.front()), ++salt_, text);
        auto const before = talk_.up.size();
        auto const answers = talk_.send(request_text("POST", "/dev/sensor-2/message", message, {}));
        if (answers.empty()) {
            require(talk_.up.size() == before + 1);
            require(text_of(talk_.up.back()) == text);
        }
    }

    void wait(std::chrono::seconds by)
    {
        world_.wait(by);
        talk_.wake();
    }

    void check()
    {
        require(talk_.up.empty() || talk_.live->facts().authenticated);
        for (auto const& message : talk_.up)
            require(message.size() <= message_limit);
    }

    array_crypto_world world_{fuzzed_world()};
    http_conversation talk_{world_};
    std::uint8_t salt_ = 0;
};

void judge_body(bytes body)
{
    for (auto const by : {array_crypto::profile::v1, array_crypto::profile::v2}) {
        bool const is_good = judge_handshake(by, body) == array_crypto::handshake_verdict::good;
        require(!is_good || body.size() >= 2 * array_crypto::hash_size(by));
    }
}

}  // namespace
}  // namespace gatehouse::test

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace gatehouse;
    wire::reader in{{data, size}};
    auto const way = in.little<std::uint8_t>();
    auto const cuts = in.little<std::uint8_t>();
    if (!in.ok())
        return 0;
    if (way % 3 == 1) {
        test::judge_body(in.take_rest());
        return 0;
    }
    test::conversation talk;
    if (way % 3 == 0)
        talk.stream(in.take_rest(), cuts);
    else
        talk.sealed(in);
    return 0;
}
