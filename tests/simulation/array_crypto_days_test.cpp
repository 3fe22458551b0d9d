// Devices of both profiles of Array-Crypto for days, with several connections each, in no order:
// they ask for snapshots, send, repeat, come late, and hang up; the backend answers, or does not.
// What the gateway takes is what was said, once; what it answers can be read; what it remembers is
// bounded.
#include "protocol/array_crypto/limits.h"
#include "protocol/array_crypto/v1_message.h"
#include "protocol/array_crypto/v2_message.h"
#include "support/array_crypto_world.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

namespace ac = array_crypto;
using namespace std::chrono_literals;

constexpr std::size_t fleet_size = 12;
constexpr std::size_t connections_a_device = 3;
constexpr int days = 4;

std::string name_of(std::size_t number)
{
    return "sensor-" + std::to_string(number);
}

array_crypto_world_setup fleet_world()
{
    array_crypto_world_setup made;
    made.devices.clear();
    for (std::size_t i = 0; i < fleet_size; ++i)
        made.devices.push_back({
            name_of(i),
            i % 2 == 0 ? ac::profile::v1 : ac::profile::v2,
            "/dev/" + name_of(i),
            "a secret of sixteen bytes and more: " + std::to_string(i),
        });
    return made;
}

class one_device {
public:
    one_device(array_crypto_world& world, std::size_t number, std::mt19937_64& random)
        : world_{world}
        , random_{random}
        , known_{world.device(name_of(number))}
        , path_{"/dev/" + name_of(number)}
    {
        for (auto& one : lines_)
            connect(one);
    }

    void act()
    {
        auto& one = lines_.at(random_() % lines_.size());
        wake(one);
        switch (random_() % 8) {
        case 0:
            connect(one);
            break;
        case 1:
            repeat(one);
            break;
        case 2:
            come_late(one);
            break;
        default:
            if (one.waits)
                answer(one);
            else
                say(one);
        }
    }

    std::size_t taken() const { return taken_; }
    std::size_t answered() const { return answered_; }
    std::size_t refused() const { return refused_; }

private:
    struct line {
        std::unique_ptr<http_conversation> talk;
        bool waits = false;
        std::size_t heard = 0;
    };

    void connect(line& one)
    {
        one.talk = std::make_unique<http_conversation>(world_);
        one.waits = false;
        one.heard = 0;
    }

    // What is due by now. A time-out is an answer without a body.
    void wake(line& one)
    {
        auto& talk = *one.talk;
        if (talk.live->deadline() > world_.now)
            return;
        auto const answers = talk.wake();
        if (one.waits && answers.size() == 1) {
            EXPECT_EQ(answers[0].status, 204);
            one.waits = false;
        }
        if (talk.failed || talk.live->ended() || talk.live->says_no_more())
            connect(one);
    }

    // On a connection of its own now and then, as workers see it.
    ac::pair snapshot()
    {
        http_conversation aside{world_};
        return pair_of(aside.get(path_ + "/snapshot"));
    }

    byte_string seal(ac::pair const& under, std::string const& text)
    {
        if (known_.speaks == ac::profile::v1)
            return sealed_v1(world_, under.seed, text);
        byte_string made(ac::v2::header_size + text.size());
        ac::v2::message_salt salt{};
        world_.random.fill(salt);
        ac::v2::seal(world_.env.messages, under, salt, as_bytes(text), made);
        return made;
    }

    void say(line& one)
    {
        auto const text = std::to_string(++said_) + std::string(random_() % 300, 'x');
        auto const message = seal(snapshot(), text);
        if (random_() % 4 == 0)
            world_.wait(std::chrono::seconds{random_() % 8});
        post(one, message);
        EXPECT_TRUE(one.waits) << "a message in time is taken";
        if (!one.waits)
            return;
        EXPECT_EQ(text_of(one.talk->up.back()), text);
        EXPECT_TRUE(texts_.insert(text).second) << "each once";
        last_ = message;
        ++taken_;
        if (random_() % 2 == 0)
            return;
        world_.wait(std::chrono::seconds{random_() % 9});
        answer(one);
    }

    void post(line& one, bytes message)
    {
        auto const text = request_text("POST", path_ + "/message", message, {});
        auto const cut = random_() % text.size();
        auto answers = one.talk->send(text.substr(0, cut));
        for (auto& more : one.talk->send(text.substr(cut)))
            answers.push_back(std::move(more));
        one.waits = answers.empty() && one.talk->up.size() > one.heard;
        one.heard = one.talk->up.size();
        if (one.waits)
            return;
        ++refused_;
        connect(one);
    }

    // Accepted before, whatever has happened since.
    void repeat(line& one)
    {
        if (last_.empty() || one.waits)
            return;
        post(one, last_);
        EXPECT_FALSE(one.waits) << "a repeated message is refused";
    }

    void come_late(line& one)
    {
        if (one.waits)
            return;
        auto const message = seal(snapshot(), "late");
        world_.wait(known_.speaks == ac::profile::v1 ? 61s : 11s);
        wake(one);
        post(one, message);
        EXPECT_FALSE(one.waits) << "a late message is refused";
    }

    void answer(line& one)
    {
        auto const text = "answer " + std::to_string(++said_);
        auto const made = one.talk->reply(as_bytes(text));
        ASSERT_TRUE(made) << one.talk->refused.value_or(error::internal_closed);
        one.waits = false;
        if (random_() % 8 == 0)
            return;  // nobody fetches it
        world_.wait(std::chrono::seconds{random_() % 9});
        auto message = text_bytes(made->body);
        auto const pair = snapshot();
        if (known_.speaks == ac::profile::v1)
            EXPECT_EQ(text_of(ac::v1::open(pair.seed, message).value().text), text);
        else if (ac::v2::is_of(pair.tick, message))
            EXPECT_EQ(text_of(ac::v2::open(world_.env.messages, pair, message).text), text);
        else
            ADD_FAILURE() << "an answer is not of the pair that was told next";
        ++answered_;
    }

    array_crypto_world& world_;
    std::mt19937_64& random_;
    ac::device const& known_;
    std::string path_;
    std::array<line, connections_a_device> lines_;
    byte_string last_;
    std::set<std::string> texts_;
    std::size_t said_ = 0;
    std::size_t taken_ = 0;
    std::size_t answered_ = 0;
    std::size_t refused_ = 0;
};

TEST(array_crypto_days, a_fleet_lives_for_days)
{
    auto const seed =
        static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()) + 1;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random{seed};
    array_crypto_world world{fleet_world()};
    std::vector<std::unique_ptr<one_device>> fleet;
    for (std::size_t i = 0; i < fleet_size; ++i)
        fleet.push_back(std::make_unique<one_device>(world, i, random));
    auto const until = world.now + std::chrono::days{days};
    while (world.now < until && !HasFailure()) {
        fleet.at(random() % fleet_size)->act();
        world.wait(std::chrono::seconds{random() % 60});
        EXPECT_LE(world.pairs.devices(), fleet_size);
    }
    std::size_t taken = 0;
    std::size_t answered = 0;
    std::size_t refused = 0;
    for (auto const& one : fleet) {
        taken += one->taken();
        answered += one->answered();
        refused += one->refused();
    }
    EXPECT_GT(taken, 3'000U);
    EXPECT_GT(answered, 500U);
    EXPECT_GT(refused, 1'000U);
    std::cout << fleet_size * days << " device-days: " << taken << " messages, " << answered
              << " answers that were read, " << refused << " refused\n";
}

}  // namespace
}  // namespace gatehouse::test
