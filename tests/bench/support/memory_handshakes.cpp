#include "bench/support/memory_handshakes.h"

#include "bench/support/cost.h"
#include "bench/support/descriptor.h"
#include "bench/support/gateway.h"

#include <vector>

namespace gatehouse::bench {

namespace {

std::vector<std::uint8_t> copy_of(bytes data)
{
    return {data.begin(), data.end()};
}

}  // namespace

memory_handshakes::memory_handshakes()
    : keyring_{make_keyring("usmp")}
    , env_{
          .config = {},
          .keyring = keyring_.get(),
          .crypto = crypto_,
          .random = random_,
          .ephemeral_keys = keys_,
          .ids = ids_,
          .hints = hints_,
          .blocks = blocks_,
      }
    , door_{env_}
{
}

void memory_handshakes::run(std::chrono::nanoseconds& spent)
{
    time_point const now{std::chrono::hours{1}};
    device::usmp_settings settings;
    settings.psk = as_bytes(device_psk);
    device::usmp_device device{device_env_, settings};
    output device_out;
    output out;
    device.start(device_out);
    auto hello = copy_of(device_out.wire.all());
    device_out.clear();

    auto const clock = thread_clock::of_this_thread();
    auto before = clock.read();
    keys_.make_one();
    auto session = door_.open(now + std::chrono::seconds{10}, {});
    auto const greeted = session->receive(now, hello, out);
    spent += clock.read() - before;

    auto challenge = copy_of(out.wire.all());
    out.clear();
    if (!greeted || !device.receive(now, challenge, device_out))
        give_up("a handshake in memory");
    auto proof = copy_of(device_out.wire.all());
    before = clock.read();
    auto const judged = session->receive(now, proof, out);
    spent += clock.read() - before;
    if (!judged || !session->facts().authenticated)
        give_up("a handshake in memory");
}

}  // namespace gatehouse::bench
