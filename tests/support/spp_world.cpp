#include "support/spp_world.h"

#include "support/reference_crypto.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace gatehouse::test {

namespace {

// One for all worlds: its contexts carry nothing over from use to use.
crypto::workbench& workbench()
{
    static crypto::workbench bench;
    return bench;
}

identity::public_key key_from(bytes raw)
{
    identity::public_key made{};
    std::copy_n(raw.begin(), made.size(), made.begin());
    return made;
}

identity::gateway_key make_key(spp_gateway_key const& from, std::size_t slot)
{
    identity::gateway_key made;
    made.id = static_cast<identity::key_index>(slot);
    made.window = from.window;
    made.mark = from.mark;
    made.private_key = identity::private_key::from(bytes{from.seed}.first<32>());
    made.public_key = key_from(reference::ed25519_public(from.seed));
    return made;
}

identity::psk_device make_device(
    spp_listed_device const& from, std::vector<identity::gateway_key> const& keys
)
{
    identity::psk_device made;
    made.state = from.state;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (from.gateway_key.value_or(i) != i)
            continue;
        bool const revoked = keys[i].mark == identity::key_mark::revoked;
        made.keys.push_back({keys[i].id, keys[i].window, secret_bytes{from.identity}, revoked});
    }
    return made;
}

std::vector<identity::source_range> ranges_of(spp_listed_device const& device)
{
    std::vector<identity::source_range> made;
    for (auto const& text : device.from)
        made.push_back(identity::source_range::parse(text).value());
    return made;
}

}  // namespace

reference_spp_device::setup usual_spp_device(std::string const& generation)
{
    reference_spp_device::setup made;
    made.generation = generation;
    made.gateway_identity = reference::ed25519_public(usual_gateway_seed());
    return made;
}

spp::settings all_spp_generations_admitted()
{
    spp::settings made;
    for (auto const one : spp::all_generations)
        made.admitted.add(one);
    made.idle_timeout = std::chrono::minutes{10};
    made.max_session_age = std::chrono::hours{24};
    return made;
}

std::unique_ptr<identity::keyring const> make_spp_keyring(spp_world_setup const& setup)
{
    identity::keyring::parts parts;
    parts.kind = identity::key_kind::ed25519;
    for (std::size_t i = 0; i < setup.gateway_keys.size(); ++i) {
        parts.key_ids.push_back("g" + std::to_string(i));
        parts.gateway_keys.push_back(make_key(setup.gateway_keys[i], i));
    }
    for (auto const& device : setup.devices) {
        auto const id = identity::device_id::from_name(device.name);
        parts.devices.add(id, make_device(device, parts.gateway_keys));
        parts.peers.push_back({{key_from(device.identity), id}, ranges_of(device)});
    }
    return std::make_unique<identity::keyring const>(
        std::move(parts), secret_bytes{as_bytes("nobody's key, of 32 random bytes")}
    );
}

spp_world::spp_world(spp_world_setup const& setup)
    : random{setup.random}
    , keyring{make_spp_keyring(setup)}
    , env{
          .config = setup.config,
          .keyring = keyring.get(),
          .crypto = workbench(),
          .random = random,
          .ephemeral_keys = pool,
          .ids = ids,
          .hints = hints,
          .trials = trials,
          .wall_now = setup.wall_now,
      }
{
}

void spp_world::install(std::unique_ptr<identity::keyring const> next)
{
    keyring = std::move(next);
    env.keyring = keyring.get();
}

live_spp_session::live_spp_session(spp_world_setup const& setup, spp_opening how)
    : world_{setup}
    , now_{setup.now}
{
    auto const deadline = now_ + setup.handshake_time;
    if (how == spp_opening::device_first) {
        session_ = world_.door.open(deadline, setup.peer);
        return;
    }
    session_ = std::move(world_.door.greet(deadline, setup.peer, out_)).value();
    collect();
}

void live_spp_session::feed(bytes data)
{
    if (over())
        return;
    append(pending_, data);
    // In memory of exactly this size, so that the sanitizer sees a read or write beside it.
    auto const size = pending_.size();
    auto const memory = std::make_unique<std::uint8_t[]>(size);
    std::copy(pending_.begin(), pending_.end(), memory.get());
    auto const consumed = session_->receive(now_, {memory.get(), size}, out_);
    collect();
    if (!consumed) {
        failure = consumed.error();
        return;
    }
    ASSERT_LE(*consumed, size);
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(*consumed));
}

void live_spp_session::feed_bytewise(bytes data)
{
    for (auto const& byte : data)
        feed({&byte, 1});
}

void live_spp_session::send(bytes message)
{
    if (over())
        return;
    refused.reset();
    auto const sent = session_->send(now_, message, out_);
    collect();
    if (!sent)
        refused = sent.error();
}

void live_spp_session::advance(duration by)
{
    now_ += by;
    world_.env.wall_now += std::chrono::floor<std::chrono::seconds>(by);
    if (over())
        return;
    // Due or not: a spurious call is harmless.
    bool const due = session_->deadline() <= now_;
    auto const done = session_->on_deadline(now_, out_);
    collect();
    if (!done)
        failure = done.error();
    if (failure && !due)
        ADD_FAILURE() << "a deadline struck before its time: " << describe(*failure);
}

bool live_spp_session::time_out()
{
    if (over() || session_->deadline() == never)
        return false;
    advance(std::max(session_->deadline() - now_, duration{0}));
    return true;
}

void live_spp_session::end()
{
    if (over())
        return;
    session_->end(now_, out_);
    collect();
}

void live_spp_session::shake_hands(reference_spp_device& device, std::string_view first)
{
    feed(device.hello());
    ASSERT_TRUE(device.take_hello(take_wire()));
    feed(device.record(first));
    ASSERT_FALSE(failure) << describe(*failure);
    ASSERT_EQ(up.size(), 1U);
    EXPECT_EQ(text_of(up.front()), first);
    up.clear();
}

byte_string live_spp_session::take_wire()
{
    if (wire.empty())
        return {};
    auto taken = std::move(wire.front());
    wire.pop_front();
    return taken;
}

void live_spp_session::collect()
{
    for (std::size_t i = 0; i < out_.wire.frames(); ++i)
        wire.push_back(copy_of(out_.wire.frame_at(i)));
    for (auto const message : out_.up)
        up.push_back(copy_of(message));
    out_.clear();
}

}  // namespace gatehouse::test
