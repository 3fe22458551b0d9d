// What a keyring of a million devices costs: to load, to keep, to look into, to change.
#include "bench/support/cost.h"
#include "config/credentials.h"
#include "crypto/hkdf.h"
#include "identity/key_standing.h"
#include "modules/psk_credentials.h"
#include "modules/registry.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <malloc.h>
#include <unistd.h>

namespace gatehouse::bench {
namespace {

using identity::device_id;
using identity::keyring;
using std::chrono::nanoseconds;

constexpr std::size_t look_ups = 100'000;
constexpr wall_time now{std::chrono::seconds{1'800'000'000}};

// The devices of a fleet in an order that no cache likes, so that neighbours are not asked for one
// after the other.
device_id numbered(std::size_t number, std::uint8_t fleet)
{
    std::array<std::uint8_t, device_id::mac_size> const mac{
        fleet,
        0,
        static_cast<std::uint8_t>(number >> 24),
        static_cast<std::uint8_t>(number >> 16),
        static_cast<std::uint8_t>(number >> 8),
        static_cast<std::uint8_t>(number),
    };
    return device_id::from_mac(mac);
}

std::array<std::uint8_t, 32> psk_of(std::size_t number)
{
    std::array<std::uint8_t, 32> made{};
    for (std::size_t i = 0; i < made.size(); ++i)
        made[i] = static_cast<std::uint8_t>(number >> 8 * (i % 4));
    return made;
}

identity::psk_device device(std::size_t number)
{
    identity::psk_device made;
    made.keys.push_back({0, {}, secret_bytes{psk_of(number)}});
    return made;
}

std::shared_ptr<keyring const> make_ring(std::size_t devices, std::size_t masters)
{
    keyring::parts parts;
    parts.key_ids = {"2026-11", "m1"};
    for (std::size_t i = 0; i < devices; ++i)
        parts.devices.add(numbered(i, 2), device(i));
    for (std::size_t i = 0; i < masters; ++i)
        parts.masters.push_back({
            1,
            {},
            identity::device_prefix::make(numbered(0, 4), 8).value(),
            identity::extract_master(psk_of(i)),
        });
    return std::make_shared<keyring const>(std::move(parts), secret_bytes{psk_of(4711)});
}

// A credential file of so many devices.
std::string file_of(std::size_t devices)
{
    std::string text = "version: 1\ndevices:\n";
    std::array<char, 256> line{};
    for (std::size_t i = 0; i < devices; ++i) {
        std::snprintf(
            line.data(),
            line.size(),
            "  \"%s\": {psk: [{id: \"2026-11\", secret: \"hex:%064zx\"}]}\n",
            numbered(i, 2).text().c_str(),
            i
        );
        text += line.data();
    }
    return text;
}

std::size_t resident_bytes()
{
    ::malloc_trim(0);
    std::size_t pages = 0;
    std::size_t resident = 0;
    auto* const file = std::fopen("/proc/self/statm", "r");
    if (file == nullptr || std::fscanf(file, "%zu %zu", &pages, &resident) != 2)
        std::exit(1);
    std::fclose(file);
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

template <class Work>
double nanoseconds_of(std::size_t times, Work work)
{
    auto const clock = thread_clock::of_this_thread();
    rounds made;
    for (int round = 0; round < 5; ++round) {
        auto const before = clock.read();
        for (std::size_t i = 0; i < times; ++i)
            work(i);
        made.add(clock.read() - before, times);
    }
    return made.median_ns();
}

void print(char const* what, double figure, char const* unit)
{
    std::printf("%-66s %10.1f %s\n", what, figure, unit);
}

// A million devices in no order.
std::size_t scattered(std::size_t i, std::size_t devices)
{
    return i * 2'654'435'761U % devices;
}

void measure_memory(std::size_t devices)
{
    auto const clock = thread_clock::of_this_thread();
    auto const before = resident_bytes();
    auto const started = clock.read();
    auto ring = make_ring(devices, 0);
    auto const built = clock.read() - started;
    auto const bytes = static_cast<double>(resident_bytes() - before);
    print(
        "keyring of one 32-byte key a device: build", static_cast<double>(built.count()) / 1e6, "ms"
    );
    print("  resident", bytes / static_cast<double>(devices), "bytes a device");
    auto const let_go = clock.read();
    ring.reset();
    print("  let go", static_cast<double>((clock.read() - let_go).count()) / 1e6, "ms");
}

void measure_load(std::size_t devices)
{
    auto const text = file_of(devices);
    config::problems found;
    config::no_secret_files none;
    protocol_registry const protocols;
    config::keyring_seed seed{
        .protocols = protocols.types(),
        .decoy = secret_bytes{psk_of(0)},
        .kind = &psk_credentials(),
    };
    auto const clock = thread_clock::of_this_thread();
    auto const before = resident_bytes();
    auto const started = clock.read();
    auto const loaded = config::parse_credentials(text, "fleet.yaml", std::move(seed), none, found);
    auto const spent = clock.read() - started;
    if (!loaded.keyring || loaded.keyring->device_count() != devices)
        std::exit(1);
    std::printf("from a credential file of %zu devices:\n", devices);
    print("  load", static_cast<double>(spent.count()) / 1e6, "ms");
    print(
        "  resident afterwards",
        static_cast<double>(resident_bytes() - before) / static_cast<double>(devices),
        "bytes a device"
    );
}

void measure_look_ups(std::size_t devices)
{
    crypto::hkdf_sha256 hkdf;
    std::size_t seen = 0;
    auto const look = [&](keyring const& ring, std::uint8_t fleet) {
        return nanoseconds_of(look_ups, [&](std::size_t i) {
            seen += ring.find(numbered(scattered(i, devices), fleet), hkdf).key_count();
        });
    };
    auto const listed = make_ring(devices, 0);
    print("look-up, listed device, no masters", look(*listed, 2), "ns");
    print("look-up, unknown device, no masters", look(*listed, 6), "ns");
    for (std::size_t const masters : {1U, 2U}) {
        auto const both = make_ring(devices, masters);
        std::printf("with %zu masters:\n", masters);
        print("  look-up, derived device", look(*both, 4), "ns");
        print("  look-up, listed device", look(*both, 2), "ns");
        print("  look-up, unknown device", look(*both, 6), "ns");
    }
    if (seen == 0)
        std::exit(1);
}

void measure_changes(std::size_t devices)
{
    auto const before = make_ring(devices, 1);
    auto ring = before;
    auto const clock = thread_clock::of_this_thread();
    nanoseconds all{};
    nanoseconds longest{};
    constexpr std::size_t changes = 5'000;
    for (std::size_t i = 0; i < changes; ++i) {
        auto const started = clock.read();
        identity::keyring_changes made;
        made.devices.emplace_back(numbered(scattered(i, devices), 2), device(i));
        ring = ring->with(std::move(made));
        auto const spent = clock.read() - started;
        all += spent;
        longest = std::max(longest, spent);
    }
    print(
        "change of one device, mean of 5000", static_cast<double>(all.count()) / changes / 1e3, "us"
    );
    print("  the longest, which packs anew", static_cast<double>(longest.count()) / 1e6, "ms");

    std::size_t gone = 0;
    auto const judge = [&](keyring const& now_in_force, std::uint8_t fleet) {
        return nanoseconds_of(look_ups, [&](std::size_t i) {
            auto const id = numbered(scattered(i, devices), fleet);
            auto const found = identity::standing_of(*before, now_in_force, id, fleet == 4 ? 1 : 0);
            gone += found.what == identity::key_standing::verdict::gone ? 1U : 0U;
        });
    };
    identity::keyring_changes one;
    one.devices.emplace_back(numbered(1, 2), device(2));
    auto const shared = before->with(std::move(one));
    auto const other = make_ring(devices, 1);
    print("standing of a session, same base", judge(*shared, 2), "ns");
    print("standing of a session, loaded anew", judge(*other, 2), "ns");
    print("standing of a derived session, loaded anew", judge(*other, 4), "ns");
    auto const counted = nanoseconds_of(100, [&](std::size_t) {
        gone += ring->counts(now)[identity::key_state::active];
    });
    print("counting all keys by state", counted / 1e3, "us");
    if (gone == 0)
        std::exit(1);
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** arguments)
{
    using namespace gatehouse::bench;
    std::size_t const devices = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1'000'000;
    stay_on_one_core();
    std::printf("%zu devices; CPU time, medians of 5 rounds\n", devices);
    measure_memory(devices);
    measure_load(devices / 10);  // YAML takes its time
    measure_look_ups(devices);
    measure_changes(devices);
}
