#include "modules/upss_key_pool.h"

#include "base/hex.h"
#include "net/clock.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <sys/resource.h>

namespace gatehouse {

namespace {

// Of the threads beside the workers, which are not to wait for them.
constexpr int niceness = 10;
// After the library made none.
constexpr std::chrono::minutes between_attempts{1};

}  // namespace

struct upss_key_pool::pair final : upss::rsa_pair {
    std::shared_ptr<crypto::rsa_private_key const> key;
    // On the thread that opens.
    boost::unordered_flat_set<block_mark, mark_hash> opened{};
};

upss_key_pool::block_mark upss_key_pool::mark_of(crypto::sha256& digest, bytes block)
{
    auto const whole = digest.compute({block});
    block_mark made{};
    std::copy_n(whole.begin(), made.size(), made.begin());
    return made;
}

upss_key_pool::~upss_key_pool()
{
    stop();
}

upss_key_pool::choice_key upss_key_pool::key_of(upss::key_choice const& choice) noexcept
{
    return {choice.bits, choice.rotate.count()};
}

time_point upss_key_pool::due_of(upss::key_choice const& choice, time_point now) noexcept
{
    return choice.rotate.count() == 0 ? time_point::max() : later(now, choice.rotate);
}

std::shared_ptr<upss_key_pool::pair> upss_key_pool::wrap(
    std::shared_ptr<crypto::rsa_private_key const> key, std::string public_pem
)
{
    auto made = std::make_shared<pair>();
    made->public_pem = std::move(public_pem);
    crypto::sha256 digest;
    made->id = to_hex(bytes{mark_of(digest, as_bytes(made->public_pem))}.first(4));
    made->block_size = key->size();
    made->key = std::move(key);
    return made;
}

std::shared_ptr<upss_key_pool::pair> upss_key_pool::make(unsigned bits)
{
    auto key = crypto::rsa_private_key::generate(bits);
    if (!key)
        return nullptr;
    auto text = key->public_pem();
    return wrap(std::make_shared<crypto::rsa_private_key const>(std::move(*key)), std::move(text));
}

bool upss_key_pool::prepare(upss::key_choice const& choice)
{
    {
        std::lock_guard const lock{mutex_};
        if (lines_.contains(key_of(choice)))
            return true;
    }
    auto made = make(choice.bits);
    if (!made)
        return false;
    std::lock_guard const lock{mutex_};
    lines_.emplace(key_of(choice), line{std::move(made), due_of(choice, read_clock())});
    has_dues_.notify_one();
    return true;
}

std::shared_ptr<upss::rsa_pair const> upss_key_pool::current(upss::key_choice const& choice)
{
    std::lock_guard const lock{mutex_};
    return lines_.at(key_of(choice)).current;
}

std::shared_ptr<upss::rsa_pair const> upss_key_pool::current(upss::given_key const& given)
{
    std::lock_guard const lock{mutex_};
    auto& known = given_[given.public_pem];
    auto found = known.lock();
    if (!found) {
        found = wrap(given.key, given.public_pem);
        known = found;
    }
    return found;
}

result<> upss_key_pool::open(
    std::shared_ptr<upss::rsa_pair const> with,
    bytes block,
    std::shared_ptr<upss::key_opening> into,
    worker_thread& worker
)
{
    auto const from = source_of(into->from);
    std::lock_guard const lock{mutex_};
    auto const of_source =
        std::count_if(jobs_.begin(), jobs_.end(), [&](job const& one) { return one.from == from; });
    if (jobs_.size() >= most_waiting ||
        static_cast<std::size_t>(of_source) >= most_waiting_of_source)
        return error::limit_agreements;
    auto mine = std::const_pointer_cast<upss::rsa_pair>(with);
    jobs_.push_back(
        {std::static_pointer_cast<upss_key_pool::pair>(std::move(mine)),
         {block.begin(), block.end()},
         std::move(into),
         from,
         &worker}
    );
    has_jobs_.notify_one();
    return {};
}

void upss_key_pool::start()
{
    ends_ = false;
    opener_ = std::thread{[this] { open_keys(); }};
    maker_ = std::thread{[this] { replace_pairs(); }};
}

void upss_key_pool::stop()
{
    {
        std::lock_guard const lock{mutex_};
        ends_ = true;
        jobs_.clear();
        has_jobs_.notify_all();
        has_dues_.notify_all();
    }
    if (opener_.joinable())
        opener_.join();
    if (maker_.joinable())
        maker_.join();
}

void upss_key_pool::open_keys()
{
    ::setpriority(PRIO_PROCESS, 0, niceness);  // of this thread
    std::unique_lock lock{mutex_};
    for (;;) {
        has_jobs_.wait(lock, [this] { return ends_ || !jobs_.empty(); });
        if (ends_)
            return;
        auto next = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        // Without its session, which held it too, nobody waits for it.
        if (next.into.use_count() > 1)
            answer(next);
        next = {};
        lock.lock();
    }
}

void upss_key_pool::answer(job& one)
{
    auto const done =
        std::make_shared<result<upss::session_key_text>>(open_block(*one.with, one.block));
    one.worker->post([into = std::move(one.into), done] {
        into->answer.emplace(std::move(*done));
        if (into->waiting != nullptr)
            into->waiting->wake();
    });
}

// A block that is none of this pair's is answered with a key that nobody has, after the same work.
result<upss::session_key_text> upss_key_pool::open_block(pair& with, bytes block)
{
    auto const mark = mark_of(digest_, block);
    if (with.opened.contains(mark))
        return error::unproven_replayed;
    if (with.opened.size() >= most_blocks) {
        replace_early(with);
        return error::limit_agreements;
    }
    upss::session_key_text text;
    random_.fill(text.expose_mutable());
    upss::session_key_text opened;
    if (with.key->open(block, opened.expose_mutable()) == upss::session_key_size) {
        text = std::move(opened);
        with.opened.insert(mark);
    }
    return text;
}

void upss_key_pool::replace_early(pair const& full)
{
    std::lock_guard const lock{mutex_};
    for (auto& [choice, of] : lines_)
        if (of.current.get() == &full)
            of.due = {};
    has_dues_.notify_one();
}

time_point upss_key_pool::next_due() const
{
    auto next = time_point::max();
    for (auto const& [choice, of] : lines_)
        next = std::min(next, of.due);
    return next;
}

void upss_key_pool::replace_pairs()
{
    ::setpriority(PRIO_PROCESS, 0, niceness);
    std::unique_lock lock{mutex_};
    while (!ends_) {
        auto const due = next_due();
        auto const now = read_clock();
        if (now < due) {
            if (due == time_point::max())
                has_dues_.wait(lock);
            else
                has_dues_.wait_until(lock, due);
            continue;
        }
        auto const first = std::find_if(lines_.begin(), lines_.end(), [&](auto const& one) {
            return one.second.due <= now;
        });
        auto const choice = first->first;
        lock.unlock();
        auto made = make(choice.first);
        lock.lock();
        auto& replaced = lines_.at(choice);
        replaced.due = made ? due_of({choice.first, std::chrono::milliseconds{choice.second}}, now)
                            : now + between_attempts;
        if (made)
            replaced.current = std::move(made);
    }
}

}  // namespace gatehouse
