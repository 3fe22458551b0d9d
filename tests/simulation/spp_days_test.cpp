// Devices of every SPP generation for days, over links that cut and delay: they talk, sleep,
// vanish and come back, the gateway's keys rotate meanwhile, and what arrives is in order.
#include "device/spp_device.h"
#include "simulation/stream_link.h"
#include "support/reference_crypto.h"
#include "support/spp_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr unsigned fleet_size = 24;
constexpr int days = 6;

byte_string seed_of(unsigned number)
{
    return byte_string(32, static_cast<std::uint8_t>(number + 1));
}

byte_string gateway_seed_of(unsigned number)
{
    return byte_string(32, static_cast<std::uint8_t>(0xa0 + number));
}

template <std::size_t N>
std::array<std::uint8_t, N> array_of(bytes raw)
{
    std::array<std::uint8_t, N> made{};
    std::copy_n(raw.begin(), N, made.begin());
    return made;
}

// Two gateway keys, the newer one first; odd devices know the older one.
spp_world_setup fleet_world()
{
    spp_world_setup made;
    made.gateway_keys = {{gateway_seed_of(1)}, {gateway_seed_of(0)}};
    made.devices.clear();
    for (unsigned number = 0; number < fleet_size; ++number)
        made.devices.push_back(
            {"meter-" + std::to_string(number),
             reference::ed25519_public(seed_of(number)),
             {},
             number % 2}
        );
    made.config.idle_timeout = 5min;
    made.config.max_session_age = 30h;
    return made;
}

// One connection: both ends, both directions of the link, and the ledgers.
class connection {
public:
    connection(
        spp_world& world, device::spp_settings const& device, std::uint64_t seed, time_point now
    )
        : world_{world}
        , random_{seed}
        , device_random_{{}, seed + 1}
        , now_{now}
        , session_{world.door.open(now + 10s, peer_address::v4({192, 0, 2, 7}, 1))}
        , device_{device_env_, device}
    {
        bool const waits = device.first == device::first_speaker::gateway;
        if (waits)
            session_ = std::move(world.door.greet(now + 10s, {}, gateway_out_)).value();
        device_.start(device_out_);
        flush();
    }

    void run_for(duration by)
    {
        auto const then = now_ + by;
        while (next() <= then && !over_)
            step(std::max(next(), now_));
        set_time(std::max(now_, then));
    }

    void device_says(byte_string text)
    {
        ASSERT_TRUE(device_.send(text, device_out_));
        up_said_.push_back(std::move(text));
        flush();
    }

    void backend_says(byte_string text)
    {
        ASSERT_TRUE(session_->send(now_, text, gateway_out_));
        down_said_.push_back(std::move(text));
        flush();
    }

    void device_closes() { uplink_.close(now_); }
    void device_vanishes() { vanished_ = true; }

    bool device_up() const { return device_.established() && !over_; }
    bool gateway_up() const { return session_->facts().authenticated && !over_; }
    bool over() const { return over_; }
    time_point now() const { return now_; }
    std::optional<error> failure() const { return failure_; }
    std::string device_name() const { return session_->facts().device.text(); }
    std::size_t heard() const { return up_heard_.size() + down_heard_.size(); }

    void expect_in_order() const
    {
        expect_prefix(up_heard_, up_said_);
        expect_prefix(down_heard_, down_said_);
    }

private:
    static void expect_prefix(
        std::vector<byte_string> const& heard, std::vector<byte_string> const& said
    )
    {
        ASSERT_LE(heard.size(), said.size());
        EXPECT_TRUE(std::equal(heard.begin(), heard.end(), said.begin()));
    }

    time_point next() const
    {
        return std::min({uplink_.next(), downlink_.next(), session_->deadline()});
    }

    void set_time(time_point to)
    {
        world_.env.wall_now += std::chrono::floor<std::chrono::seconds>(to.time_since_epoch()) -
                               std::chrono::floor<std::chrono::seconds>(now_.time_since_epoch());
        now_ = to;
    }

    void step(time_point at)
    {
        set_time(at);
        if (uplink_.next() <= now_)
            at_gateway(uplink_.take(now_));
        if (downlink_.next() <= now_ && !over_)
            at_device(downlink_.take(now_));
        if (over_ || session_->deadline() > now_)
            return;
        if (auto const done = session_->on_deadline(now_, gateway_out_); !done)
            end(done.error());
    }

    void at_gateway(arrival came)
    {
        if (vanished_)
            return;
        append(at_gateway_, came.data);
        auto const taken = session_->receive(now_, at_gateway_, gateway_out_);
        for (auto const message : gateway_out_.up)
            up_heard_.push_back(copy_of(message));
        if (!taken) {
            end(taken.error());
            return;
        }
        drop_front(at_gateway_, *taken);
        flush();
        if (came.closed)
            over_ = true;
    }

    void at_device(arrival came)
    {
        if (vanished_)
            return;
        append(at_device_, came.data);
        auto const taken = device_.receive(now_, at_device_, device_out_);
        ASSERT_TRUE(taken) << describe(taken.error());
        for (auto const message : device_out_.up)
            down_heard_.push_back(copy_of(message));
        drop_front(at_device_, *taken);
        flush();
    }

    static void drop_front(byte_string& from, std::size_t count)
    {
        from.erase(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(count));
    }

    void flush()
    {
        uplink_.push(now_, device_out_.wire.all());
        downlink_.push(now_, gateway_out_.wire.all());
        device_out_.clear();
        gateway_out_.clear();
    }

    void end(error why)
    {
        failure_ = why;
        over_ = true;
        gateway_out_.clear();
    }

    spp_world& world_;
    std::mt19937_64 random_;
    scripted_random device_random_;
    crypto::workbench device_crypto_;
    device::spp_environment device_env_{device_crypto_, device_random_};
    time_point now_;
    std::unique_ptr<session> session_;
    device::spp_device device_;
    stream_link uplink_{random_, {}};
    stream_link downlink_{random_, {}};
    output gateway_out_;
    output device_out_;
    byte_string at_gateway_;
    byte_string at_device_;
    std::vector<byte_string> up_said_;
    std::vector<byte_string> up_heard_;
    std::vector<byte_string> down_said_;
    std::vector<byte_string> down_heard_;
    std::optional<error> failure_;
    bool vanished_ = false;
    bool over_ = false;
};

class one_device {
public:
    one_device(spp_world& world, unsigned number, std::uint64_t seed)
        : world_{world}
        , random_{seed}
        , number_{number}
        , key_{crypto::ed25519_private::from(array_of<32>(seed_of(number)))}
    {
        settings_.how = spp::all_generations.at(number % spp::all_generations.size());
        settings_.key = &key_;
        settings_.own = array_of<32>(reference::ed25519_public(seed_of(number)));
        bool const knows_older = number % 2 == 1;
        settings_.gateway =
            array_of<32>(reference::ed25519_public(gateway_seed_of(knows_older ? 0 : 1)));
        // Who waits is greeted with the newest key.
        if (!knows_older && number % 4 == 0)
            settings_.first = device::first_speaker::gateway;
    }

    // How many messages arrived.
    std::size_t live(time_point from, time_point until)
    {
        std::size_t heard = 0;
        for (auto now = from; now < until && !testing::Test::HasFailure();) {
            auto talk = std::make_unique<connection>(world_, settings_, random_(), now);
            visit(*talk, until);
            talk->expect_in_order();
            heard += talk->heard();
            now = talk->now() + seconds(5, 600);
        }
        return heard;
    }

private:
    duration seconds(unsigned least, unsigned most)
    {
        return std::chrono::seconds{least + random_() % (most - least)};
    }

    void visit(connection& talk, time_point until)
    {
        talk.run_for(2s);
        ASSERT_TRUE(talk.device_up());
        EXPECT_FALSE(talk.gateway_up()) << "no record came yet";
        talk.device_says(text_bytes("first"));
        talk.run_for(2s);
        ASSERT_TRUE(talk.gateway_up()) << describe(talk.failure().value_or(error::internal_closed));
        EXPECT_EQ(talk.device_name(), "meter-" + std::to_string(number_));
        auto const leave = std::min(until, talk.now() + std::chrono::hours{1 + random_() % 40});
        while (talk.now() < leave && !talk.over()) {
            talk.run_for(seconds(60, 290));
            if (!talk.over())
                act(talk);
            if (random_() % 600 == 0)
                talk.device_vanishes();
        }
        talk.device_closes();
        talk.run_for(10min);
        EXPECT_TRUE(talk.over());
        auto const failed = talk.failure();
        EXPECT_TRUE(
            !failed || failed == error::limit_idle_time || failed == error::limit_session_age
        ) << describe(*failed);
    }

    void act(connection& talk)
    {
        auto const text = pattern_bytes(random_() % 3000, static_cast<std::uint8_t>(random_()));
        talk.device_says(text);
        if (random_() % 4 == 0)
            talk.backend_says(text);
    }

    spp_world& world_;
    std::mt19937_64 random_;
    unsigned number_;
    crypto::ed25519_private key_;
    device::spp_settings settings_;
};

TEST(spp_days, a_fleet_lives_for_days)
{
    auto const seed =
        static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()) + 1;
    SCOPED_TRACE("seed " + std::to_string(seed));
    spp_world world{fleet_world()};
    std::size_t heard = 0;
    for (unsigned number = 0; number < fleet_size && !HasFailure(); ++number) {
        SCOPED_TRACE("device " + std::to_string(number));
        one_device one{world, number, seed * 1000 + number};
        heard += one.live(time_point{1h}, time_point{1h} + std::chrono::days{days});
    }
    EXPECT_GT(heard, fleet_size * days * 300U);
    std::cout << fleet_size * days << " device-days: " << heard << " messages\n";
}

}  // namespace
}  // namespace gatehouse::test
