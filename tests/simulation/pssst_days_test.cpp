// Devices and a gateway over an path that loses, repeats and reorders: every request is delivered
// once, every reply has the same bytes however often it comes, and time forgets what it may.
#include "simulation/datagram_path.h"
#include "support/pssst_fixture.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

peer_address const gateway_address = peer_address::v4({192, 0, 2, 1}, 9000);

struct behaviour {
    path_behaviour path;
    int devices = 20;
    int requests = 50;  // of each
    std::size_t entries = 4096;
};

class pssst_path {
public:
    pssst_path(behaviour const& how, std::uint64_t seed)
        : how_{how}
        , world_{setup_of(how)}
        , path_{how.path, seed}
        , random_{seed}
    {
        for (int i = 0; i < how.devices; ++i)
            next_request_.emplace(world_.now + spread(10s), i);
    }

    void run()
    {
        while (!next_request_.empty() || !waiting_.empty() || !backend_.empty())
            step();
    }

    std::size_t answered() const { return answered_; }
    std::size_t given_up() const { return given_up_; }
    std::size_t delivered() const { return delivered_.size(); }
    std::size_t repeated_replies() const { return repeated_replies_; }

    // Nothing came to the backend twice, nothing that nobody said.
    void expect_delivered_once() const
    {
        for (auto const& [message, times] : delivered_) {
            EXPECT_EQ(times, 1) << message;
            EXPECT_TRUE(said_.contains(message)) << message;
        }
    }

private:
    struct asked {
        device::pssst_request request;
        std::string message;
        peer_address from;
        time_point repeat_at;
        int tries = 1;
    };
    struct working {
        datagram_session_ptr session;
        peer_address from;
        byte_string packet;
        std::string message;
    };

    static pssst_world_setup setup_of(behaviour const& how)
    {
        pssst_world_setup made;
        made.remembered.entries = how.entries;
        return made;
    }

    duration spread(duration most)
    {
        return duration{
            static_cast<duration::rep>(random_() % static_cast<std::uint64_t>(most.count()))};
    }

    // Whatever is due next.
    void step()
    {
        auto next = path_.next();
        if (!next_request_.empty())
            next = std::min(next, next_request_.begin()->first);
        for (auto const& one : waiting_)
            next = std::min(next, one.repeat_at);
        if (!backend_.empty())
            next = std::min(next, backend_.begin()->first);
        ASSERT_NE(next, never);
        world_.now = std::max(world_.now, next);
        while (path_.next() <= world_.now) {
            auto const came = path_.take();
            came.to == gateway_address ? at_gateway(came) : at_device(came);
        }
        while (!backend_.empty() && backend_.begin()->first <= world_.now)
            backend_answers(std::move(backend_.extract(backend_.begin()).mapped()));
        while (!next_request_.empty() && next_request_.begin()->first <= world_.now)
            ask(next_request_.extract(next_request_.begin()).mapped());
        repeat();
    }

    void ask(int device)
    {
        auto const message =
            "message " + std::to_string(said_.size()) + " of " + std::to_string(device);
        said_[message] = device;
        auto request = world_.request(as_bytes(message), device % 2 == 0 ? "meter-4" : "");
        auto const port = static_cast<std::uint16_t>(1000 + device);
        asked made{
            std::move(request), message, peer_address::v4({10, 0, 0, 1}, port), world_.now + 400ms};
        path_.send(world_.now, made.from, gateway_address, made.request.packet());
        waiting_.push_back(std::move(made));
        if (++asked_of_[device] < how_.requests)
            next_request_.emplace(world_.now + spread(60s), device);
    }

    // The packet as it was, and now and then from another port.
    void repeat()
    {
        std::erase_if(waiting_, [&](asked& one) {
            if (one.repeat_at > world_.now)
                return false;
            if (one.tries == 12) {
                ++given_up_;
                return true;
            }
            if (random_() % 4 == 0)
                one.from.port = static_cast<std::uint16_t>(one.from.port + 1000);
            path_.send(world_.now, one.from, gateway_address, one.request.packet());
            one.repeat_at = world_.now + 400ms * ++one.tries;
            return false;
        });
    }

    void at_gateway(flying_datagram const& came)
    {
        auto session = world_.arrives(came.data);
        ASSERT_EQ(world_.refused, error{}) << describe(world_.refused);
        for (auto const message : world_.out.up)
            ++delivered_[text_of(message)];
        if (session) {
            auto message = text_of(world_.out.up.front());
            backend_.emplace(
                world_.now + spread(3s),
                working{std::move(session), came.from, came.data, std::move(message)}
            );
            return;
        }
        if (world_.out.wire.empty())
            return;
        ++repeated_replies_;
        ASSERT_EQ(copy_of(world_.out.wire.all()), replies_.at(came.data));
        path_.send(world_.now, gateway_address, came.from, world_.out.wire.all());
    }

    void backend_answers(working done)
    {
        world_.out.clear();
        auto const reply = done.message.substr(0, 12);
        ASSERT_TRUE(done.session->send(world_.now, as_bytes(reply), world_.out));
        auto const [at, is_new] = replies_.emplace(done.packet, copy_of(world_.out.wire.all()));
        ASSERT_TRUE(is_new) << "sealed twice";
        path_.send(world_.now, gateway_address, done.from, world_.out.wire.all());
    }

    void at_device(flying_datagram const& came)
    {
        std::erase_if(waiting_, [&](asked& one) {
            auto packet = came.data;
            auto const message = one.request.open(world_.crypto, packet);
            if (!message)
                return false;
            EXPECT_EQ(text_of(*message), one.message.substr(0, 12));
            ++answered_;
            return true;
        });
    }

    behaviour how_;
    pssst_world world_;
    datagram_path path_;
    std::mt19937_64 random_;
    std::multimap<time_point, int> next_request_;
    std::map<int, int> asked_of_;
    std::vector<asked> waiting_;
    std::multimap<time_point, working> backend_;
    std::map<std::string, int> said_;
    std::map<std::string, int> delivered_;
    std::map<byte_string, byte_string> replies_;
    std::size_t answered_ = 0;
    std::size_t given_up_ = 0;
    std::size_t repeated_replies_ = 0;
};

TEST(pssst_days, a_good_network_answers_everything)
{
    pssst_path path{{}, 1};
    path.run();
    path.expect_delivered_once();
    EXPECT_EQ(path.answered(), 1000U);
    EXPECT_EQ(path.delivered(), 1000U);
}

TEST(pssst_days, a_bad_network_answers_everything_once)
{
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE(seed);
        pssst_path path{
            {.path = {.loss = 0.3, .duplication = 0.3, .shortest = 1ms, .longest = 2s}}, seed};
        path.run();
        path.expect_delivered_once();
        EXPECT_EQ(path.answered() + path.given_up(), 1000U);
        EXPECT_GE(path.answered(), 990U);
        EXPECT_GT(path.repeated_replies(), 500U);
    }
}

TEST(pssst_days, the_window_is_longer_than_any_device_repeats)
{
    pssst_path path{
        {.path = {.loss = 0.7, .duplication = 0.2, .shortest = 1ms, .longest = 5s},
         .entries = 4096},
        9};
    path.run();
    path.expect_delivered_once();
}

}  // namespace
}  // namespace gatehouse::test
