// CPU time of a UPSS conversation in memory, from its bytes to its last package, beside the bare
// cryptography that it cannot do without.
#include "bench/support/cost.h"
#include "crypto/rsa_oaep.h"
#include "protocol/upss/sealed_field.h"
#include "protocol/upss/stream_session.h"
#include "support/upss_world.h"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace gatehouse::bench {
namespace {

constexpr std::size_t round_count = 15;
constexpr std::size_t conversations_a_round = 100;
constexpr std::size_t message_size = 128;

std::string const text(message_size, 'm');

// All but RSA, of which the gateway does one a conversation.
void converse(test::upss_world& world, rounds& into)
{
    auto const clock = thread_clock::of_this_thread();
    std::vector<std::string> messages;
    {
        test::upss_conversation device{world};
        for (std::size_t i = 0; i < conversations_a_round; ++i)
            messages.push_back(device.message(text));
    }
    auto const before = clock.read();
    for (auto const& message : messages) {
        test::upss_conversation one{world};
        one.shake_hands();
        one.send(message);
        if (one.up.size() != 1 || one.reply(text).size() != 1)
            std::abort();
    }
    into.add(clock.read() - before, conversations_a_round);
}

template <class Work>
void measure_bare(rounds& into, Work work)
{
    auto const clock = thread_clock::of_this_thread();
    auto const before = clock.read();
    for (std::size_t i = 0; i < conversations_a_round; ++i)
        work();
    into.add(clock.read() - before, conversations_a_round);
}

// The confirmation, the message and its answer.
class bare_fernet {
public:
    explicit bare_fernet(test::upss_world& world) : world_{world}
    {
        std::string key{test::usual_session_key};
        key_ =
            std::move(*upss::read_field_key(as_mutable_bytes(key), upss::base64_reading::strict));
        seal(text, message_);
    }
    void operator()()
    {
        seal("Recognition is the most powerful motivation factor.", sealed_);
        sealed_ = message_;
        if (!upss::open_field(
                world_.crypto, key_, as_mutable_bytes(sealed_), upss::base64_reading::strict
            ))
            std::abort();
        seal(text, sealed_);
    }

private:
    void seal(std::string_view what, std::string& into)
    {
        into.resize(upss::sealed_size(what.size()));
        upss::seal_field(
            world_.crypto, key_, {1'700'000'000, {}}, as_bytes(what), as_mutable_bytes(into)
        );
    }

    test::upss_world& world_;
    upss::field_key key_;
    std::string message_;
    std::string sealed_;
};

struct measured {
    char const* what;
    std::function<void(rounds&)> work;
    rounds cost{};
};

void print_all(std::vector<measured> const& all)
{
    std::printf(
        "CPU microseconds; medians of %zu rounds, messages and answers of %zu bytes\n",
        round_count,
        message_size
    );
    for (auto const& one : all)
        std::printf("%-58s %8.2f\n", one.what, one.cost.median_ns() / 1'000);
    std::printf("%-58s %8zu\n", "bytes of a session's state", sizeof(upss::stream_session));
}

}  // namespace
}  // namespace gatehouse::bench

int main()
{
    using namespace gatehouse::bench;
    stay_on_one_core();
    gatehouse::test::upss_world world;
    bare_fernet fernet{world};
    auto const key = gatehouse::crypto::rsa_private_key::generate(2048);
    std::vector<std::uint8_t> const block(256, 7);
    std::vector<std::uint8_t> opened(64);
    std::vector<measured> all{
        {"bare RSA-2048: open a block, on the pool's thread",
         [&](rounds& into) { measure_bare(into, [&] { key->open(block, opened); }); }},
        {"bare Fernet: confirmation, message, answer",
         [&](rounds& into) { measure_bare(into, [&] { fernet(); }); }},
        {"conversation of one message and its answer, without RSA",
         [&](rounds& into) { converse(world, into); }},
    };
    for (std::size_t round = 0; round <= round_count; ++round)
        for (auto& one : all) {
            rounds warm_up;
            one.work(round > 0 ? one.cost : warm_up);
        }
    print_all(all);
}
