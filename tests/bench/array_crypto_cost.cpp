// CPU time of Array-Crypto requests in memory, from their bytes to their answers, beside the bare
// cryptography that they cannot do without.
#include "bench/support/cost.h"
#include "protocol/array_crypto/snapshot.h"
#include "protocol/array_crypto/stream_session.h"
#include "protocol/array_crypto/v1_message.h"
#include "protocol/array_crypto/v2_message.h"
#include "support/array_crypto_world.h"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace gatehouse::bench {
namespace {

namespace ac = array_crypto;

constexpr std::size_t round_count = 15;
constexpr std::size_t requests_a_round = 200;
constexpr std::size_t message_size = 128;

std::string const text(message_size, 'm');

// The gateway's half of it; devices make their requests before the clock runs.
class listener {
public:
    // Each message under a pair of its own, on one kept connection.
    void exchange_v2(rounds& into)
    {
        for (std::size_t i = 0; i < requests_a_round; ++i) {
            auto const pair = test::pair_of(ask("GET", "/dev/sensor-2/snapshot", {}, {}));
            message(
                "/dev/sensor-2", test::sealed_v2(pair, static_cast<std::uint8_t>(i), text), into
            );
            world_.wait(std::chrono::seconds{1});
        }
    }
    void exchange_v1(rounds& into)
    {
        auto const seed = world_.device(test::usual_v1_device).v1_seed;
        for (std::size_t i = 0; i < requests_a_round; ++i) {
            message("/dev/sensor-1", test::sealed_v1(world_, seed, text), into);
            world_.wait(std::chrono::seconds{1});
        }
    }
    void answer_all(std::string const& request, rounds& into)
    {
        auto const before = clock_.read();
        for (std::size_t i = 0; i < requests_a_round; ++i)
            feed(request);
        into.add(clock_.read() - before, requests_a_round);
    }
    void refuse_all(bytes junk, rounds& into)
    {
        auto const request = test::request_text("POST", "/dev/sensor-2/message", junk, {});
        ask("GET", "/dev/sensor-2/snapshot", {}, {});
        auto const before = clock_.read();
        for (std::size_t i = 0; i < requests_a_round; ++i) {
            begin();
            feed(request);
        }
        into.add(clock_.read() - before, requests_a_round);
    }

private:
    void begin() { live_ = world_.door.open(world_.now + std::chrono::seconds{10}, {}); }

    void feed(std::string const& request)
    {
        out_.clear();
        memory_.assign(request.begin(), request.end());
        auto const used = live_->receive(world_.now, memory_, out_);
        if (!used || *used != memory_.size())
            std::abort();
    }

    test::http_answer_text ask(
        std::string const& method, std::string const& path, bytes body, std::string const& type
    )
    {
        test::http_conversation aside{world_};
        return aside.ask(test::request_text(method, path, body, type));
    }

    void message(std::string const& prefix, bytes sealed, rounds& into)
    {
        auto const request = test::request_text("POST", prefix + "/message", sealed, {});
        auto const before = clock_.read();
        feed(request);
        if (out_.up.size() != 1 || !live_->send(world_.now, as_bytes(text), out_))
            std::abort();
        into.add(clock_.read() - before, 1);
    }

    test::array_crypto_world world_;
    std::unique_ptr<session> live_ = world_.door.open(world_.now + std::chrono::seconds{10}, {});
    output out_;
    std::vector<std::uint8_t> memory_;
    thread_clock clock_ = thread_clock::of_this_thread();
};

template <class Work>
void measure_bare(rounds& into, Work work)
{
    auto const clock = thread_clock::of_this_thread();
    auto const before = clock.read();
    for (std::size_t i = 0; i < requests_a_round; ++i)
        work();
    into.add(clock.read() - before, requests_a_round);
}

struct measured {
    char const* what;
    std::function<void(rounds&)> work;
    rounds cost{};
};

void bare_v1(std::vector<std::uint8_t>& wire)
{
    ac::v1::message_salt const salt{7};
    ac::v1::seal(1, salt, as_bytes(text), wire);
    if (!ac::v1::open(1, wire))
        std::abort();
}

void bare_v2(ac::v2::tools& tools, std::vector<std::uint8_t>& wire)
{
    ac::v2::message_salt const salt{7};
    ac::v2::seal(tools, {1, 2}, salt, as_bytes(text), wire);
    if (!ac::v2::is_of(2, wire))
        std::abort();
    ac::v2::open(tools, {1, 2}, wire);
}

void print_all(std::vector<measured> const& all)
{
    std::printf(
        "CPU microseconds; medians of %zu rounds, messages and answers of %zu bytes\n",
        round_count,
        message_size
    );
    for (auto const& one : all)
        std::printf("%-58s %8.2f\n", one.what, one.cost.median_ns() / 1'000);
    std::printf("%-58s %8zu\n", "bytes of a session's state", sizeof(ac::stream_session));
}

}  // namespace
}  // namespace gatehouse::bench

int main()
{
    using namespace gatehouse::bench;
    using gatehouse::test::request_text;
    stay_on_one_core();
    gatehouse::crypto::hmac_sha256 hmac;
    ac::v2::tools tools;
    std::vector<std::uint8_t> v1_wire(ac::v1::header_size + message_size);
    std::vector<std::uint8_t> v2_wire(ac::v2::header_size + message_size);
    std::vector<std::uint8_t> const junk(ac::v2::header_size + message_size, 1);
    auto const hash = "{\"hash\": \"" + std::string(64, 'a') + "\"}";
    auto const handshake = request_text(
        "POST", "/dev/sensor-2/handshake", gatehouse::as_bytes(hash), "application/json"
    );
    auto const snapshot = request_text("GET", "/dev/sensor-2/snapshot", {}, {});
    std::vector<measured> all{
        {"bare v1: open and seal",
         [&](rounds& into) { measure_bare(into, [&] { bare_v1(v1_wire); }); }},
        {"v1 message and its answer", [](rounds& into) { listener{}.exchange_v1(into); }},
        {"bare v2: open and seal",
         [&](rounds& into) { measure_bare(into, [&] { bare_v2(tools, v2_wire); }); }},
        {"v2 message and its answer", [](rounds& into) { listener{}.exchange_v2(into); }},
        {"bare snapshot: HMAC-SHA256",
         [&](rounds& into) { measure_bare(into, [&] {
                                 ac::sign(hmac, v1_wire, {{1, 2}, {}});
                             }); }},
        {"snapshot", [&](rounds& into) { listener{}.answer_all(snapshot, into); }},
        {"handshake, which has no cryptography",
         [&](rounds& into) { listener{}.answer_all(handshake, into); }},
        {"refused: a message under no pair",
         [&](rounds& into) { listener{}.refuse_all(junk, into); }},
    };
    for (std::size_t round = 0; round <= round_count; ++round)
        for (auto& one : all) {
            rounds warm_up;
            one.work(round > 0 ? one.cost : warm_up);
        }
    print_all(all);
}
