// lib/modules/upss_key_pool.h: pairs, and who opens keys with them. The opener's thread is real; a
// worker is a list of what was posted to it.
#include "base/base64.h"
#include "modules/upss_key_pool.h"
#include "support/byte_string.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 20s;

// Runs what was posted on the test's own thread.
class posted_work final : public worker_thread {
public:
    void post(std::function<void()> work) override
    {
        std::lock_guard const lock{mutex_};
        waiting_.push_back(std::move(work));
        changed_.notify_one();
    }
    // False: nothing came.
    bool run_one(std::chrono::milliseconds within = patience)
    {
        std::unique_lock lock{mutex_};
        if (!changed_.wait_for(lock, within, [this] { return !waiting_.empty(); }))
            return false;
        auto const next = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        next();
        return true;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
};

class counted_wakes final : public session_carrier {
public:
    void wake() override { ++times; }
    int times = 0;
};

struct recorded_block {
    std::string private_pem;
    byte_string block;
    std::string text;
};

// Of the reference (tests/vectors/upss.json).
recorded_block recorded(std::size_t index)
{
    std::ifstream file{GATEHOUSE_SOURCE_DIR "/tests/vectors/upss.json"};
    auto const all = boost::json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
    auto const text = [](boost::json::value const& in, char const* name) {
        return std::string{in.as_object().at(name).as_string()};
    };
    auto const& found = all.as_object().at("rsa_oaep_sha256").as_array().at(index);
    auto block = text_bytes(text(found, "ciphertext_b64"));
    block.resize(*from_base64(as_text(block), block));
    return {
        text(all.as_object().at("rsa_keys").as_array().at(0), "private_pkcs8_pem"),
        std::move(block),
        text(found, "plaintext_ascii")};
}

upss::given_key given_key_of(recorded_block const& from)
{
    auto key = crypto::rsa_private_key::read(as_bytes(from.private_pem));
    auto pem = key->public_pem();
    return {std::make_shared<crypto::rsa_private_key const>(std::move(*key)), std::move(pem)};
}

class upss_key_pool_test : public testing::Test {
protected:
    ~upss_key_pool_test() override { pool.stop(); }

    std::shared_ptr<upss::key_opening> ask(
        std::shared_ptr<upss::rsa_pair const> const& with, bytes block, std::uint8_t source = 1
    )
    {
        auto made = std::make_shared<upss::key_opening>();
        made->waiting = &woken;
        made->from = peer_address::v4({192, 0, 2, source}, 1000);
        refused = std::nullopt;
        if (auto const begun = pool.open(with, block, made, worker); !begun)
            refused = begun.error();
        return made;
    }
    static std::string text_of_answer(upss::key_opening const& one)
    {
        return one.answer && *one.answer ? std::string{as_text((**one.answer).expose())}
                                         : std::string{};
    }

    upss_key_pool pool;
    posted_work worker;
    counted_wakes woken;
    std::optional<error> refused;
};

TEST_F(upss_key_pool_test, opens_a_block_once_as_long_as_its_pair_lives)
{
    auto const from = recorded(0);
    auto const pair = pool.current(given_key_of(from));
    EXPECT_EQ(pair->block_size, 256U);
    pool.start();
    auto const first = ask(pair, from.block);
    ASSERT_TRUE(worker.run_one());
    EXPECT_EQ(text_of_answer(*first), from.text);
    EXPECT_EQ(woken.times, 1);
    auto const again = ask(pair, from.block, 2);
    ASSERT_TRUE(worker.run_one());
    ASSERT_TRUE(again->answer);
    EXPECT_EQ(again->answer->error(), error::unproven_replayed);
    // The same key after a reload, read anew.
    auto const reloaded = ask(pool.current(given_key_of(from)), from.block);
    ASSERT_TRUE(worker.run_one());
    EXPECT_EQ(reloaded->answer->error(), error::unproven_replayed);
    auto const other = ask(pair, recorded(1).block);
    ASSERT_TRUE(worker.run_one());
    EXPECT_EQ(text_of_answer(*other), recorded(1).text);
}

TEST_F(upss_key_pool_test, answers_a_block_that_is_none_with_a_key_that_nobody_has)
{
    auto const from = recorded(0);
    auto const pair = pool.current(given_key_of(from));
    pool.start();
    byte_string const garbage(256, 7);
    auto const first = ask(pair, garbage);
    ASSERT_TRUE(worker.run_one());
    auto const second = ask(pair, garbage);
    ASSERT_TRUE(worker.run_one());
    EXPECT_EQ(text_of_answer(*first).size(), upss::session_key_size);
    EXPECT_EQ(text_of_answer(*second).size(), upss::session_key_size);
    EXPECT_NE(text_of_answer(*first), text_of_answer(*second));
}

TEST_F(upss_key_pool_test, wakes_nobody_who_is_gone)
{
    auto const from = recorded(0);
    auto const pair = pool.current(given_key_of(from));
    auto gone = ask(pair, from.block);
    gone->waiting = nullptr;
    auto const kept = gone;
    gone.reset();
    auto abandoned = ask(pair, recorded(1).block);
    abandoned.reset();
    auto const last = ask(pair, recorded(2).block);
    pool.start();
    ASSERT_TRUE(worker.run_one());
    EXPECT_EQ(woken.times, 0);
    EXPECT_TRUE(kept->answer);
    ASSERT_TRUE(worker.run_one());
    EXPECT_EQ(text_of_answer(*last), recorded(2).text) << "nothing was done for who was gone";
    EXPECT_EQ(woken.times, 1);
    EXPECT_FALSE(worker.run_one(10ms));
}

TEST_F(upss_key_pool_test, has_a_queue_with_an_end_and_a_share_for_each_source)
{
    auto const pair = pool.current(given_key_of(recorded(0)));
    byte_string const block(256, 7);
    std::vector<std::shared_ptr<upss::key_opening>> waiting;
    for (std::size_t i = 0; i < upss_key_pool::most_waiting_of_source; ++i) {
        waiting.push_back(ask(pair, block, 1));
        EXPECT_FALSE(refused);
    }
    ask(pair, block, 1);
    EXPECT_EQ(refused, error::limit_agreements);
    for (std::size_t i = waiting.size(); i < upss_key_pool::most_waiting; ++i) {
        waiting.push_back(ask(pair, block, static_cast<std::uint8_t>(2 + i / 16)));
        EXPECT_FALSE(refused) << i;
    }
    ask(pair, block, 200);
    EXPECT_EQ(refused, error::limit_agreements);
    pool.start();
    ASSERT_TRUE(worker.run_one());
    ask(pair, block, 200);
    EXPECT_FALSE(refused) << "one has been taken off";
    pool.stop();
    EXPECT_FALSE(worker.run_one(0ms) && woken.times > 300) << "the rest ended with the threads";
}

TEST_F(upss_key_pool_test, makes_a_pair_for_each_choice_and_keeps_it)
{
    upss::key_choice const usual;
    ASSERT_TRUE(pool.prepare(usual));
    auto const first = pool.current(usual);
    EXPECT_EQ(first->block_size, 256U);
    EXPECT_FALSE(first->id.empty());
    ASSERT_TRUE(pool.prepare(usual));
    EXPECT_EQ(pool.current(usual), first);
    upss::key_choice const other{.bits = 2048, .rotate = 5min};
    ASSERT_TRUE(pool.prepare(other));
    EXPECT_NE(pool.current(other), first);
}

TEST_F(upss_key_pool_test, replaces_a_pair_in_time_and_ends_handshakes_with_the_old_one)
{
    upss::key_choice const brief{.bits = 2048, .rotate = 50ms};
    ASSERT_TRUE(pool.prepare(brief));
    auto const first = pool.current(brief);
    pool.start();
    auto const until = std::chrono::steady_clock::now() + patience;
    while (pool.current(brief) == first && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    EXPECT_NE(pool.current(brief), first);
    EXPECT_NE(pool.current(brief)->public_pem, first->public_pem);
    auto const late = ask(first, byte_string(256, 1));
    ASSERT_TRUE(worker.run_one());
    EXPECT_EQ(text_of_answer(*late).size(), upss::session_key_size);
}

TEST_F(upss_key_pool_test, never_replaces_one_that_is_to_stay)
{
    upss::key_choice const lasting{.bits = 2048, .rotate = 0ms};
    ASSERT_TRUE(pool.prepare(lasting));
    auto const first = pool.current(lasting);
    pool.start();
    byte_string const block(256, 1);
    auto const asked = ask(first, block);
    ASSERT_TRUE(worker.run_one());
    EXPECT_EQ(pool.current(lasting), first);
}

}  // namespace
}  // namespace gatehouse::test
