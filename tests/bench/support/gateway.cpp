#include "bench/support/gateway.h"

#include "bench/support/descriptor.h"
#include "modules/registry.h"
#include "net/datagram_socket.h"
#include "net/shared_snapshot.h"
#include "net/stream_listener.h"
#include "net/worker.h"
#include "protocol/array_crypto/device_list.h"
#include "protocol/array_crypto/options.h"
#include "protocol/upss/options.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <future>
#include <string>
#include <thread>
#include <utility>

namespace gatehouse::bench {

namespace {

constexpr std::chrono::minutes longer_than_any_bench{10};

crypto::ed25519_private filled(std::uint8_t with)
{
    crypto::ed25519_private made;
    auto const all = made.expose_mutable();
    std::fill(all.begin(), all.end(), with);
    return made;
}

void fill_spp(identity::keyring::parts& contents)
{
    contents.kind = identity::key_kind::ed25519;
    identity::gateway_key own;
    own.private_key = spp_gateway_key();
    own.public_key = crypto::ed25519_public_of(own.private_key);
    contents.gateway_keys.push_back(std::move(own));
    auto const device = crypto::ed25519_public_of(spp_device_key());
    auto const name = identity::device_id::from_name("meter");
    identity::psk_device entry;
    entry.keys.push_back({0, {}, secret_bytes{device}});
    contents.devices.add(name, entry);
    contents.peers.push_back({{device, name}, {}});
}

identity::device_id name_of_sensor(std::size_t number)
{
    return identity::device_id::from_name("sensor-" + std::to_string(number));
}

std::shared_ptr<array_crypto::device_list const> list_array_crypto()
{
    std::vector<array_crypto::device> listed(array_crypto_devices);
    for (std::size_t i = 0; i < listed.size(); ++i) {
        listed[i].name = name_of_sensor(i);
        listed[i].prefix = "/" + std::to_string(i);
        listed[i].secret = secret_bytes{as_bytes(device_psk)};
    }
    return std::make_shared<array_crypto::device_list const>(std::move(listed));
}

void fill_array_crypto(identity::keyring::parts& contents)
{
    contents.kind = identity::key_kind::secret;
    for (std::size_t i = 0; i < array_crypto_devices; ++i) {
        identity::psk_device entry;
        entry.keys.push_back({0, {}, secret_bytes{as_bytes(device_psk)}});
        contents.devices.add(name_of_sensor(i), entry);
    }
    contents.extras = list_array_crypto();
}

config::protocol_options usmp_options(gateway_setup const& setup)
{
    usmp::options made{.cookies = setup.cookies};
    if (setup.chacha20_poly1305)
        made.cipher = crypto::aead_algorithm::chacha20_poly1305;
    return config::protocol_options::of(made);
}

std::shared_ptr<shared_snapshot> make_snapshot(
    gateway_setup const& setup, protocol_registry const& protocols
)
{
    config::listener listener;
    listener.name = "fleet";
    listener.credentials = "fleet";
    listener.backend = "telemetry";
    config::set_protocol(listener, *protocols.types().find(setup.protocol));
    listener.transport = setup.transport;
    listener.idle_timeout = longer_than_any_bench;
    if (setup.protocol == "usmp")
        listener.options = usmp_options(setup);
    else
        listener.limits.sessions_per_device = 0;  // all devices have one key
    if (setup.protocol == "array-crypto")
        listener.options = config::protocol_options::of(array_crypto::options{.answers = false});
    if (setup.protocol == "upss")
        listener.options = config::protocol_options::of(upss::options{
            .reply_timeout = longer_than_any_bench, .openings_per_second = 100'000});
    config::backend backend;
    backend.name = "telemetry";
    backend.socket = setup.backend_socket;
    backend.format = setup.format;

    auto snapshot = std::make_shared<shared_snapshot>();
    snapshot->settings.listeners.push_back(listener);
    snapshot->settings.workers = 1;
    snapshot->settings.node.name = "bench";
    snapshot->listeners.push_back({
        .config = std::make_shared<config::listener const>(listener),
        .admitted =
            std::make_shared<admission>(admission_limits{.sessions = 100'000, .handshakes = 1'024}),
    });
    snapshot->backends.push_back(std::make_shared<config::backend const>(backend));
    auto& set = snapshot->credentials.emplace_back();
    set.name = "fleet";
    set.keyring = make_keyring(setup.protocol);
    auto& cells = snapshot->cells.emplace_back();
    cells.listeners.resize(1);
    cells.backends.resize(1);
    cells.credential_sessions.emplace_back(1);
    return snapshot;
}

// One socket, owned from now on.
template <class Socket>
std::uint16_t give_socket(worker& made, config::listener const& wanted, Socket& bound)
{
    auto const port = bound.local_endpoint().port();
    auto const sockets = std::make_shared<bound_sockets>(
        wanted.transport, config::endpoint{"127.0.0.1", port}, std::function<void()>{}
    );
    sockets->add(bound.release());
    made.add_listener(0, socket_use{sockets, 0});
    return port;
}

// Returns the port.
std::uint16_t open_listener(worker& made, config::listener const& wanted)
{
    auto const loopback = boost::asio::ip::make_address("127.0.0.1");
    if (wanted.transport == config::transport::udp) {
        auto bound = bind_datagrams(
            made.context(),
            {loopback, 0},
            port_sharing::with_workers,
            {wanted.udp.receive_buffer, wanted.udp.send_buffer}
        );
        if (bound.failure)
            give_up("binding the gateway");
        return give_socket(made, wanted, bound.socket);
    }
    auto bound = bind_stream(made.context(), {loopback, 0}, port_sharing::none);
    if (bound.failure)
        give_up("binding the gateway");
    return give_socket(made, wanted, bound.acceptor);
}

}  // namespace

crypto::ed25519_private spp_device_key()
{
    return filled(0x11);
}

crypto::ed25519_private spp_gateway_key()
{
    return filled(0x22);
}

std::uint64_t array_crypto_seed(std::size_t device)
{
    return list_array_crypto()->all()[device].v1_seed;
}

std::shared_ptr<identity::keyring const> make_keyring(std::string_view protocol)
{
    identity::keyring::parts contents;
    contents.key_ids.emplace_back("bench");
    if (protocol == "spp")
        fill_spp(contents);
    else if (protocol == "array-crypto")
        fill_array_crypto(contents);
    else
        contents.wildcard.emplace().keys.push_back({0, {}, secret_bytes{as_bytes(device_psk)}});
    return std::make_shared<identity::keyring const>(
        std::move(contents), secret_bytes{as_bytes("nobody's key, of 32 random bytes")}
    );
}

struct gateway::parts {
    protocol_registry protocols;
    std::shared_ptr<shared_snapshot> snapshot;
    protocol_module const* spoken = nullptr;
    std::deque<std::unique_ptr<worker>> workers;
    std::uint16_t port = 0;
    thread_clock clock;
    std::thread thread;
};

gateway::gateway(gateway_setup const& setup, std::function<void()> on_thread)
    : parts_{std::make_unique<parts>()}
{
    auto& snapshot = parts_->snapshot = make_snapshot(setup, parts_->protocols);
    auto const& spoken = parts_->spoken = &module_of(*snapshot->listeners.front().config);
    config::problems found;
    auto const keyring = snapshot->credentials.front().keyring;
    spoken->open_key_uses({"bench", snapshot->settings, {&keyring, 1}}, {}, {found, found});
    spoken->start();
    auto& made = *parts_->workers.emplace_back(
        std::make_unique<worker>(std::uint8_t{0}, snapshot, parts_->workers)
    );
    parts_->port = open_listener(made, *snapshot->listeners.front().config);
    std::promise<thread_clock> started;
    parts_->thread = std::thread{[&made, &started, prepare = std::move(on_thread)] {
        ::pthread_setname_np(::pthread_self(), "worker");
        if (prepare)
            prepare();
        started.set_value(thread_clock::of_this_thread());
        made.run();
    }};
    parts_->clock = started.get_future().get();
}

gateway::~gateway()
{
    parts_->workers.front()->post_stop();
    parts_->thread.join();
    parts_->spoken->stop();
}

std::uint16_t gateway::port() const noexcept
{
    return parts_->port;
}

metrics::worker_cells const& gateway::cells() const noexcept
{
    return parts_->snapshot->cells.front();
}

thread_clock const& gateway::clock() const noexcept
{
    return parts_->clock;
}

void gateway::wait_for_sessions(std::uint64_t count) const
{
    auto const& backend = cells().backends.front();
    auto const settled = [&] {
        return cells().listeners.front().sessions.value() == count &&
               backend.connected.value() == 1 && backend.unsent_bytes.value() == 0;
    };
    while (!settled())
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

}  // namespace gatehouse::bench
