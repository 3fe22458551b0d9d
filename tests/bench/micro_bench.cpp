// The layers of a message one by one, for whoever changes one of them.
#include "backend/codec.h"
#include "backend/spool.h"
#include "base/base64.h"
#include "bench/support/bare_crypto.h"
#include "bench/support/memory_handshakes.h"
#include "crypto/aead.h"
#include "crypto/x25519.h"
#include "gateway/timer_wheel.h"
#include "protocol/usmp/crc16.h"

#include <benchmark/benchmark.h>

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::bench {
namespace {

constexpr std::size_t message_size = 128;
constexpr std::size_t frame_size = 168;

using crypto::aead_algorithm;

void aead_seal(benchmark::State& state, aead_algorithm algorithm)
{
    crypto::aead cipher{algorithm};
    crypto::aead_key const key;
    crypto::aead_nonce const nonce{};
    std::array<std::uint8_t, 10> const additional{};
    std::vector<std::uint8_t> text(static_cast<std::size_t>(state.range(0)));
    std::array<std::uint8_t, crypto::aead_tag_size> tag{};
    for (auto _ : state)
        cipher.seal(key, nonce, additional, text, tag);
}

void aead_open(benchmark::State& state, aead_algorithm algorithm)
{
    crypto::aead cipher{algorithm};
    crypto::aead_key const key;
    crypto::aead_nonce const nonce{};
    std::array<std::uint8_t, 10> const additional{};
    std::vector<std::uint8_t> const plain(static_cast<std::size_t>(state.range(0)));
    auto sealed = plain;
    std::array<std::uint8_t, crypto::aead_tag_size> tag{};
    cipher.seal(key, nonce, additional, sealed, tag);
    auto text = sealed;
    for (auto _ : state) {
        std::copy(sealed.begin(), sealed.end(), text.begin());
        if (!cipher.open(key, nonce, additional, text, tag))
            state.SkipWithError("does not open");
    }
}

BENCHMARK_CAPTURE(aead_seal, aes_256_gcm, aead_algorithm::aes_256_gcm)->Arg(128)->Arg(452);
BENCHMARK_CAPTURE(aead_open, aes_256_gcm, aead_algorithm::aes_256_gcm)->Arg(128)->Arg(452);
BENCHMARK_CAPTURE(aead_seal, chacha20_poly1305, aead_algorithm::chacha20_poly1305)->Arg(128);
BENCHMARK_CAPTURE(aead_open, chacha20_poly1305, aead_algorithm::chacha20_poly1305)->Arg(128);

void crc16(benchmark::State& state)
{
    std::array<std::uint8_t, frame_size> const frame{1, 2, 3};
    for (auto _ : state)
        benchmark::DoNotOptimize(usmp::crc16(frame));
}
BENCHMARK(crc16);

std::unique_ptr<backend::codec> ndjson()
{
    return backend::make_ndjson_codec(backend::payload_form::base64);
}

void record_write(benchmark::State& state, std::unique_ptr<backend::codec> (*make)())
{
    auto const codec = make();
    std::vector<std::uint8_t> const payload(message_size, 'm');
    backend::data_record const record{session_id{1}, "02:00:00:00:00:01", 1'000, payload};
    backend::buffer out;
    for (auto _ : state) {
        out.clear();
        codec->write(record, out);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK_CAPTURE(record_write, ndjson, ndjson);
BENCHMARK_CAPTURE(record_write, records, backend::make_binary_codec);

void record_read(benchmark::State& state, std::unique_ptr<backend::codec> (*make)())
{
    auto const codec = make();
    std::vector<std::uint8_t> const payload(message_size, 'm');
    backend::data_record const record{session_id{1}, "02:00:00:00:00:01", 1'000, payload};
    backend::buffer line;
    codec->write(record, line);
    for (auto _ : state) {
        benchmark::DoNotOptimize(codec->split(line));
        benchmark::DoNotOptimize(codec->decode(line));
    }
}
BENCHMARK_CAPTURE(record_read, ndjson, ndjson);
BENCHMARK_CAPTURE(record_read, records, backend::make_binary_codec);

void spool_pass(benchmark::State& state)
{
    auto const codec = backend::make_binary_codec();
    backend::spool spool{*codec, backend::delivery::when_written};
    std::vector<std::uint8_t> const payload(message_size, 'm');
    for (auto _ : state) {
        spool.add(backend::data_record{session_id{1}, "02:00:00:00:00:01", 1'000, payload});
        spool.written(spool.unsent().size());
    }
}
BENCHMARK(spool_pass);

class idle_timer final : public timed {
public:
    time_point on_due(time_point) override { return never; }
};

// A deadline that moves with every message.
void wheel_move(benchmark::State& state)
{
    time_point now{std::chrono::hours{1}};
    timer_wheel wheel{now};
    idle_timer timer;
    for (auto _ : state) {
        now += std::chrono::microseconds{3};
        wheel.schedule(timer, now + std::chrono::seconds{60});
    }
}
BENCHMARK(wheel_move);

void wheel_file(benchmark::State& state)
{
    time_point now{std::chrono::hours{1}};
    timer_wheel wheel{now};
    idle_timer timer;
    for (auto _ : state) {
        wheel.schedule(timer, now + std::chrono::seconds{60});
        timer.unlink();
    }
}
BENCHMARK(wheel_file);

void x25519_pair(benchmark::State& state)
{
    crypto::system_random random;
    for (auto _ : state)
        benchmark::DoNotOptimize(crypto::make_x25519_key_pair(random));
}
BENCHMARK(x25519_pair);

void bare_handshake(benchmark::State& state)
{
    bare_crypto bare;
    for (auto _ : state)
        bare.whole_handshake();
}
BENCHMARK(bare_handshake);

}  // namespace
}  // namespace gatehouse::bench

BENCHMARK_MAIN();
