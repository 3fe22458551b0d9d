#include "simulation/pair.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace gatehouse::test {

namespace {

// What a receiver consumed of `pending`, in memory of exactly its size.
template <class Receive>
auto feed(byte_string& pending, Receive receive)
{
    auto const size = pending.size();
    auto const memory = std::make_unique<std::uint8_t[]>(size);
    std::copy(pending.begin(), pending.end(), memory.get());
    auto const consumed = receive(mutable_bytes{memory.get(), size});
    if (consumed)
        pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(*consumed));
    return consumed;
}

void expect_prefix(ledger const& of, char const* direction)
{
    ASSERT_LE(of.heard.size(), of.said.size()) << direction;
    for (std::size_t i = 0; i < of.heard.size(); ++i)
        ASSERT_EQ(to_hex(of.heard[i]), to_hex(of.said[i])) << direction << ", message " << i;
}

}  // namespace

pair::pair(usmp_world& world, pair_setup const& setup, std::uint64_t seed, time_point now)
    : world_{world}
    , random_{seed}
    , device_random_{{}, seed + 1}
    , device_env_{device_crypto_, device_random_, device_blocks_}
    , now_{now}
    , session_{world.env, now + setup.handshake_time}
    , device_{device_env_, setup.device}
    , uplink_{random_, setup.behaviour}
    , downlink_{random_, setup.behaviour}
{
    device_.start(device_out_);
    flush_device();
}

time_point pair::next_event() const
{
    auto const deadline = gateway_over_ ? never : session_.deadline();
    return std::min({uplink_.next(), downlink_.next(), deadline});
}

void pair::run_until(time_point then)
{
    while (next_event() <= then)
        step(next_event());
    now_ = std::max(now_, then);
}

void pair::meet()
{
    auto const limit = now_ + std::chrono::minutes{1};
    while (!(device_up() && gateway_up()) && !device_over_ && !gateway_over_ &&
           next_event() <= limit)
        step(next_event());
}

void pair::settle()
{
    while (!quiet())
        step(std::min(uplink_.next(), downlink_.next()));
}

void pair::step(time_point then)
{
    auto const by = std::max(then, now_);
    world_.env.wall_now += std::chrono::floor<std::chrono::seconds>(by.time_since_epoch()) -
                           std::chrono::floor<std::chrono::seconds>(now_.time_since_epoch());
    now_ = by;
    if (uplink_.next() <= now_)
        at_gateway(uplink_.take(now_));
    if (downlink_.next() <= now_)
        at_device(downlink_.take(now_));
    if (gateway_over_ || session_.deadline() > now_)
        return;
    if (auto const done = session_.on_deadline(now_, gateway_out_); !done) {
        gateway_error_ = done.error();
        if (session_.facts().authenticated)
            session_.end(now_, gateway_out_);
        flush_gateway();
        close_gateway();
    }
}

void pair::at_gateway(arrival came)
{
    if (gateway_over_ || vanished_)
        return;
    append(at_gateway_, came.data);
    auto const consumed = feed(at_gateway_, [&](mutable_bytes in) {
        auto const taken = session_.receive(now_, in, gateway_out_);
        flush_gateway();  // while `in` lives
        return taken;
    });
    rekey_under_way_ = rekey_under_way_ && !uplink_.empty();
    if (!consumed)
        gateway_error_ = consumed.error();
    else if (came.closed && !session_.ended())
        session_.peer_closed(now_);
    if (!consumed || session_.ended() || came.closed)
        close_gateway();
}

void pair::at_device(arrival came)
{
    if (device_over_ || vanished_)
        return;
    append(at_device_, came.data);
    auto const consumed = feed(at_device_, [&](mutable_bytes in) {
        auto const taken = device_.receive(now_, in, device_out_);
        for (auto const message : device_out_.up)
            down_.heard.push_back(copy_of(message));
        flush_device();
        return taken;
    });
    if (!consumed)
        device_error_ = consumed.error();
    if (!consumed || device_.dismissed() || came.closed) {
        device_over_ = true;
        uplink_.close(now_);
    }
}

void pair::flush_gateway()
{
    if (rekey_under_way_ && !gateway_out_.wire.empty())
        crossed_ = true;
    downlink_.push(now_, gateway_out_.wire.all());
    for (auto const message : gateway_out_.up)
        up_.heard.push_back(copy_of(message));
    gateway_out_.clear();
}

void pair::flush_device()
{
    if (!vanished_)
        uplink_.push(now_, device_out_.wire.all());
    device_out_.clear();
}

void pair::close_gateway()
{
    gateway_over_ = true;
    ended_at_ = now_;
    downlink_.close(now_);
}

void pair::device_says(bytes message)
{
    ASSERT_TRUE(device_up());
    ASSERT_TRUE(device_.send(message, device_out_));
    up_.said.push_back(copy_of(message));
    flush_device();
}

void pair::device_pings()
{
    ASSERT_TRUE(device_.ping(device_out_));
    flush_device();
}

void pair::device_rekeys()
{
    ASSERT_TRUE(device_.rekey(device_out_));
    flush_device();
    rekey_under_way_ = true;
    crossed_ = crossed_ || !downlink_.empty();
}

void pair::device_leaves()
{
    ASSERT_TRUE(device_.bye(device_out_));
    flush_device();
    device_closes();
}

void pair::device_closes()
{
    uplink_.close(now_);
}

void pair::device_vanishes()
{
    vanished_ = true;
    device_over_ = true;
}

void pair::backend_says(bytes message)
{
    ASSERT_TRUE(gateway_up());
    auto const sent = session_.send(now_, message, gateway_out_);
    down_.said.push_back(copy_of(message));
    flush_gateway();
    if (!sent) {
        gateway_error_ = sent.error();
        close_gateway();
    }
}

void pair::gateway_ends()
{
    session_.end(now_, gateway_out_);
    flush_gateway();
    close_gateway();
}

void pair::expect_in_order() const
{
    expect_prefix(up_, "uplink");
    expect_prefix(down_, "downlink");
}

void pair::expect_all_delivered() const
{
    expect_in_order();
    EXPECT_EQ(up_.heard.size(), up_.said.size());
    EXPECT_EQ(down_.heard.size(), down_.said.size());
    EXPECT_FALSE(device_error_) << describe(*device_error_);
}

}  // namespace gatehouse::test
