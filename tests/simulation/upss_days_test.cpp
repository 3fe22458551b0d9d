// Devices of both UPSS releases for days, over links that cut and delay: they come, talk by turns,
// think, hang up and vanish; the gateway's RSA pairs rotate meanwhile, backends answer, are silent
// or end it. What arrives is in order and was said, each package answers one of the device's, and
// whoever plays a session again gets nothing to the backend.
#include "crypto/rsa_oaep.h"
#include "device/upss_device.h"
#include "simulation/stream_link.h"
#include "support/readable_error.h"
#include "support/upss_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr unsigned fleet_size = 8;
constexpr int days = 4;

// The gateway's pairs: one an hour, each with what it opened.
class rotating_pairs {
public:
    explicit rotating_pairs(upss_world& world) : world_{world}
    {
        for (auto& key : keys_)
            key.emplace(std::move(*crypto::rsa_private_key::generate(2048)));
    }

    void rotate(time_point now)
    {
        if (now < due_)
            return;
        due_ = now + 1h;
        current_ = (current_ + 1) % keys_.size();
        opened_[current_].clear();
        auto made = std::make_shared<upss::rsa_pair>();
        made->id = std::to_string(current_);
        made->public_pem = keys_[current_]->public_pem();
        made->block_size = keys_[current_]->size();
        world_.keys.pair = std::move(made);
    }

    // As the gateway's pool does, for all that waits.
    void answer()
    {
        while (!world_.keys.asked.empty()) {
            auto const& asked = world_.keys.asked.front();
            auto const which = std::stoul(asked.with->id);
            upss::session_key_text text;
            auto const out = text.expose_mutable();
            bool const fits = keys_[which]->open(asked.block, out) == out.size();
            if (!fits)
                world_.keys.answer(std::string(out.size(), '*'));
            else if (!opened_[which].insert(asked.block).second)
                world_.keys.answer(error::unproven_replayed);
            else
                world_.keys.answer(as_text(out));
        }
    }

private:
    upss_world& world_;
    std::array<std::optional<crypto::rsa_private_key>, 3> keys_;
    std::array<std::set<byte_string>, 3> opened_;
    std::size_t current_ = 0;
    time_point due_{};
};

// One connection: both ends, the backend, both directions of the link, and the ledgers.
class connection final : public session_carrier {
public:
    connection(
        upss_world& world,
        rotating_pairs& pairs,
        device::upss_settings const& device,
        std::uint64_t seed
    )
        : world_{world}
        , pairs_{pairs}
        , random_{seed}
        , device_random_{{}, seed + 1}
        , session_{world.door.open(world.now + 5s, {})}
        , device_{device_env_, device}
    {
        session_->carried_by(*this);
        pairs.rotate(world.now);
        device_.start(device_out_);
        flush();
    }

    void wake() override { woken_ = true; }

    void run_for(duration by)
    {
        auto const then = world_.now + by;
        while (next() <= then && !over_ && !testing::Test::HasFailure())
            step(std::max(next(), world_.now));
        set_time(std::max(world_.now, then));
    }

    // And waits for its answer, or for the end.
    void device_says(byte_string text)
    {
        ASSERT_TRUE(device_.send(text, device_out_));
        up_said_.push_back(std::move(text));
        is_answered_ = false;
        flush();
        for (int i = 0; i < 40 && !is_answered_ && !over_; ++i)
            run_for(500ms);
    }

    void device_closes() { uplink_.close(world_.now); }
    void device_vanishes() { vanished_ = true; }

    bool talks() const { return device_.established() && !over_; }
    bool over() const { return over_; }
    std::optional<error> failure() const { return failure_; }
    std::size_t heard() const { return up_heard_.size() + down_heard_.size(); }
    std::size_t messages() const { return up_heard_.size(); }
    std::vector<byte_string> const& packages() const { return device_said_; }

    void expect_in_order() const
    {
        expect_prefix(up_heard_, up_said_);
        expect_prefix(down_heard_, down_said_);
        EXPECT_LE(gateway_said_, device_said_.size());
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
        auto const due = std::min(key_due_, backend_due_);
        return std::min({uplink_.next(), downlink_.next(), session_->deadline(), due});
    }

    void set_time(time_point to)
    {
        world_.env.wall_now +=
            std::chrono::floor<std::chrono::seconds>(to.time_since_epoch()) -
            std::chrono::floor<std::chrono::seconds>(world_.now.time_since_epoch());
        device_env_.wall_now = world_.env.wall_now;
        world_.now = to;
    }

    void step(time_point at)
    {
        set_time(at);
        if (uplink_.next() <= at)
            at_gateway(uplink_.take(at));
        if (downlink_.next() <= at && !over_)
            at_device(downlink_.take(at));
        if (key_due_ <= at && !over_)
            open_key();
        if (backend_due_ <= at && !over_)
            backend_acts();
        if (!over_ && (session_->deadline() <= at || std::exchange(woken_, false)))
            on_deadline();
    }

    void at_gateway(arrival came)
    {
        if (vanished_)
            return;
        append(at_gateway_, came.data);
        receive();
        if (came.closed && !over_) {
            session_->peer_closed(world_.now);
            over_ = true;
        }
    }

    void receive()
    {
        auto const taken = session_->receive(world_.now, at_gateway_, gateway_out_);
        for (auto const message : gateway_out_.up)
            up_heard_.push_back(copy_of(message));
        if (!gateway_out_.up.empty())
            backend_due_ = world_.now + milliseconds(11'000);
        if (!taken) {
            end(taken.error());
            return;
        }
        drop_front(at_gateway_, *taken);
        if (!world_.keys.asked.empty() && key_due_ == never)
            key_due_ = world_.now + milliseconds(300);
        flush();
    }

    void open_key()
    {
        key_due_ = never;
        pairs_.answer();
    }

    void on_deadline()
    {
        auto const done = session_->on_deadline(world_.now, gateway_out_);
        if (!done)
            end(done.error());
        after_call();
    }

    // What came out of turn.
    void after_call()
    {
        flush();
        if (session_->ended())
            over_ = true;
        if (!over_ && !at_gateway_.empty() && session_->wants_what_it_left())
            receive();
    }

    void backend_acts()
    {
        backend_due_ = never;
        auto const choice = random_() % 10;
        auto const text = pattern_bytes(1 + random_() % 600, static_cast<std::uint8_t>(choice));
        if (choice == 0)
            return;  // silent
        auto& out = gateway_out_;
        if (choice == 1) {
            session_->dismiss(world_.now, out);
        } else if (choice == 2) {
            said(session_->send_last(world_.now, {}, "DONE", out), {});
        } else if (choice == 3) {
            said(session_->send_last(world_.now, text, "DONE", out), text);
        } else {
            auto const longest = world_.env.config.max_reply;
            auto const refused = session_->send(world_.now, byte_string(longest + 1, 'x'), out);
            EXPECT_FALSE(refused);
            said(session_->send(world_.now, text, out), text);
        }
        after_call();
    }

    void said(result<> const& done, byte_string text)
    {
        if (!done)
            EXPECT_EQ(done.error(), error::backend_no_request) << "it came too late";
        else if (!text.empty())
            down_said_.push_back(std::move(text));
    }

    void at_device(arrival came)
    {
        if (vanished_)
            return;
        append(at_device_, came.data);
        auto const taken = device_.receive(world_.now, at_device_, device_out_);
        ASSERT_TRUE(taken) << describe(taken.error());
        for (auto const message : device_out_.up)
            down_heard_.push_back(copy_of(message));
        is_answered_ = is_answered_ || !device_out_.up.empty() || device_.dismissed();
        drop_front(at_device_, *taken);
        flush();
    }

    static void drop_front(byte_string& from, std::size_t count)
    {
        from.erase(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(count));
    }

    void flush()
    {
        for (std::size_t i = 0; i < device_out_.wire.frames(); ++i)
            device_said_.push_back(copy_of(device_out_.wire.frame_at(i)));
        EXPECT_LE(gateway_out_.wire.frames(), 1U) << "what no stock device can read";
        gateway_said_ += gateway_out_.wire.frames();
        uplink_.push(world_.now, device_out_.wire.all());
        downlink_.push(world_.now, gateway_out_.wire.all());
        device_out_.clear();
        gateway_out_.clear();
    }

    void end(error why)
    {
        failure_ = why;
        over_ = true;
        gateway_out_.clear();
    }

    duration milliseconds(unsigned most) { return std::chrono::milliseconds{random_() % most}; }

    upss_world& world_;
    rotating_pairs& pairs_;
    std::mt19937_64 random_;
    scripted_random device_random_;
    crypto::workbench device_crypto_;
    upss::package_reader device_packages_{std::size_t{64} << 10};
    device::upss_environment device_env_{
        device_crypto_, device_random_, device_packages_, world_.env.wall_now};
    std::unique_ptr<session> session_;
    device::upss_device device_;
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
    std::vector<byte_string> device_said_;
    std::size_t gateway_said_ = 0;
    time_point key_due_ = never;
    time_point backend_due_ = never;
    std::optional<error> failure_;
    bool is_answered_ = true;
    bool vanished_ = false;
    bool over_ = false;
    bool woken_ = false;
};

// Whoever recorded the packages of a connection sends them once more; nothing may go up.
void play_again(upss_world& world, rotating_pairs& pairs, std::vector<byte_string> const& recorded)
{
    upss_conversation again{world};
    for (auto const& package : recorded) {
        if (again.failed)
            break;
        again.send(as_text(package));
        if (world.keys.asked.empty())
            continue;
        pairs.answer();
        again.on_deadline();
    }
    EXPECT_TRUE(again.up.empty());
}

class one_device {
public:
    one_device(upss_world& world, rotating_pairs& pairs, unsigned number, std::uint64_t seed)
        : world_{world}
        , pairs_{pairs}
        , random_{seed}
    {
        settings_.path = number % 2 == 0 ? "/" : "/telemetry";
        settings_.release =
            number % 4 == 3 ? device::upss_release::v0_0_1 : device::upss_release::v0_0_2;
    }

    std::size_t live(time_point until)
    {
        std::size_t heard = 0;
        while (world_.now < until && !testing::Test::HasFailure()) {
            connection talk{world_, pairs_, settings_, random_()};
            visit(talk);
            talk.expect_in_order();
            heard += talk.heard();
            if (talk.messages() > 0 && random_() % 3 == 0)
                play_again(world_, pairs_, talk.packages());
            world_.wait(std::chrono::seconds{60 + random_() % 1800});
        }
        return heard;
    }

private:
    void visit(connection& talk)
    {
        if (random_() % 20 == 0) {
            talk.run_for(std::chrono::milliseconds{random_() % 1500});
            talk.device_vanishes();
        }
        talk.run_for(3s);
        auto const messages = settings_.release == device::upss_release::v0_0_1 ? 1 : random_() % 6;
        for (unsigned i = 0; i < messages && talk.talks(); ++i) {
            talk.device_says(pattern_bytes(random_() % 3000, static_cast<std::uint8_t>(i)));
            talk.run_for(std::chrono::milliseconds{random_() % 6000});
        }
        if (random_() % 2 == 0)
            talk.device_closes();
        talk.run_for(1min);
        EXPECT_TRUE(talk.over()) << "nobody keeps a connection for long";
        auto const failed = talk.failure();
        EXPECT_TRUE(
            !failed || failed == error::limit_handshake_time || failed == error::limit_reply_time
        ) << describe(*failed);
    }

    upss_world& world_;
    rotating_pairs& pairs_;
    std::mt19937_64 random_;
    device::upss_settings settings_;
};

TEST(upss_days, a_fleet_lives_for_days)
{
    auto const seed =
        static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()) + 1;
    SCOPED_TRACE("seed " + std::to_string(seed));
    upss_world_setup setup;
    setup.config.routes = {"/", "/telemetry"};
    std::size_t heard = 0;
    for (unsigned number = 0; number < fleet_size && !HasFailure(); ++number) {
        SCOPED_TRACE("device " + std::to_string(number));
        upss_world world{setup};
        rotating_pairs pairs{world};
        one_device one{world, pairs, number, seed * 1000 + number};
        heard += one.live(world.now + std::chrono::days{days});
        EXPECT_TRUE(world.keys.asked.empty()) << "nothing waits for nobody";
    }
    EXPECT_GT(heard, fleet_size * days * 60U);
    std::cout << fleet_size * days << " device-days: " << heard << " messages\n";
}

}  // namespace
}  // namespace gatehouse::test
