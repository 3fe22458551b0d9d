#include "protocol/pssst/duplicate_cache.h"

#include "crypto/equal.h"
#include "identity/keyed_peers.h"
#include "wire/reader.h"

#include <algorithm>
#include <bit>
#include <optional>

namespace gatehouse::pssst {

namespace {

using word = std::uint64_t;

// Of this many requests one bucket is expected to hold one.
std::size_t buckets_for(std::size_t entries)
{
    return std::bit_ceil(std::max<std::size_t>(entries, 1));
}

}  // namespace

gateway_key_mark mark_of(crypto::x25519_public const& public_key) noexcept
{
    return wire::reader{public_key}.little<gateway_key_mark>();
}

duplicate_cache::duplicate_cache(bounds most, crypto::sha256& hash, crypto::random_source& random)
    : most_{most}
    , hash_{hash}
    , replies_{most.bytes}
{
    std::array<std::uint8_t, sizeof seed_> drawn{};
    random.fill(drawn);
    wire::reader in{drawn};
    for (auto& part : seed_)
        part = in.little<word>() | 1U;
    make_index(most.entries);
}

duplicate_cache::entry& duplicate_cache::at(number which) noexcept
{
    return blocks_[which / limits::request_block][which % limits::request_block];
}

duplicate_cache::number& duplicate_cache::bucket_of(dh_value const& dh) noexcept
{
    wire::reader in{dh};
    word mixed = 0;
    for (std::size_t i = 0; i < seed_.size(); i += 2)
        mixed += (in.little<word>() ^ seed_[i]) * seed_[i + 1];
    mixed ^= mixed >> 32;
    mixed *= seed_[1];
    return buckets_[mixed >> 32 & (buckets_.size() - 1)];
}

duplicate_cache::finding duplicate_cache::find(dh_value const& dh, bytes packet)
{
    finding found;
    crypto::sha256_digest digest{};
    bool hashed = false;
    for (auto each = bucket_of(dh); each != nobody; each = at(each).next_in_bucket) {
        auto& known = at(each);
        if (known.dh != dh)
            continue;
        if (!std::exchange(hashed, true))
            digest = hash_.compute({packet});
        found.what = finding::verdict::other;
        if (known.packet != digest)
            continue;
        found.what = finding::verdict::silent;
        if (!known.has_reply || known.repeated >= limits::repetitions)
            return found;
        ++known.repeated;
        found.what = finding::verdict::answered;
        found.reply = replies_.at(known.reply);
        return found;
    }
    return found;
}

bool duplicate_cache::has(gateway_key_mark opened_by, dh_value const& dh) noexcept
{
    auto each = bucket_of(dh);
    while (each != nobody && (at(each).dh != dh || at(each).opened_by != opened_by))
        each = at(each).next_in_bucket;
    return each != nobody;
}

result<duplicate_cache::ticket> duplicate_cache::begin(time_point now, request const& accepted)
{
    now_ = now;
    while (oldest_ != nobody && at(oldest_).expires <= now)
        forget(oldest_);
    if (has(accepted.opened_by, accepted.dh))
        return error::unproven_reused_point;
    auto const asking = senders_.slot_of(accepted.from);
    if (!free_capacity(senders_.at(asking))) {
        senders_.let_go(asking);
        return error::limit_requests;
    }
    auto const sender = senders_.slot_of(accepted.from);  // another if its only entry made way
    auto const made = take_entry();
    auto& bucket = bucket_of(accepted.dh);
    at(made) = entry{
        .opened_by = accepted.opened_by,
        .dh = accepted.dh,
        .packet = accepted.packet,
        .sender = sender,
        .reply = {},
        .next_in_bucket = std::exchange(bucket, made),
    };
    ++senders_.at(sender).held;
    ++size_;
    return ticket{*this, made};
}

// Is there an entry for one more of this sender?
bool duplicate_cache::free_capacity(sender_table::sender const& wanting) noexcept
{
    auto const unused = most_.entries - std::min(size_, most_.entries);
    if (wanting.held < unused)
        return true;
    if (wanting.oldest == nobody || wanting.device == identity::anonymous_device())
        return false;
    forget_early(wanting.oldest);
    return size_ < most_.entries;
}

duplicate_cache::number duplicate_cache::take_entry()
{
    if (unused_ == nobody) {
        auto const first = static_cast<number>(blocks_.size() * limits::request_block);
        blocks_.push_back(std::make_unique<entry[]>(limits::request_block));
        for (number i = 0; i < limits::request_block; ++i)
            at(first + i).next = i + 1 < limits::request_block ? first + i + 1 : nobody;
        unused_ = first;
    }
    return std::exchange(unused_, at(unused_).next);
}

void duplicate_cache::ticket::answered(time_point now, bytes reply)
{
    auto* const cache = std::exchange(cache_, nullptr);
    if (cache == nullptr)
        return;
    while (!cache->replies_.has_capacity_for(reply.size()))
        cache->forget_oldest_reply();
    auto& done = cache->at(entry_);
    done.reply = cache->replies_.add(reply);
    done.has_reply = true;
    cache->end(entry_, now);
}

void duplicate_cache::ticket::give_up() noexcept
{
    if (auto* const cache = std::exchange(cache_, nullptr))
        cache->end(entry_, cache->now_);
}

void duplicate_cache::end(number which, time_point now) noexcept
{
    now_ = std::max(now_, now);
    auto& done = at(which);
    done.expires = later(now_, most_.window);
    done.previous = newest_;
    (newest_ == nobody ? oldest_ : at(newest_).next) = which;
    newest_ = which;
    auto& sender = senders_.at(done.sender);
    (sender.newest == nobody ? sender.oldest : at(sender.newest).next_of_sender) = which;
    sender.newest = which;
    if (done.has_reply && oldest_reply_ == nobody)
        oldest_reply_ = which;
}

// Out of the order in which requests ended. It is the oldest of its sender.
void duplicate_cache::unlink(number which) noexcept
{
    auto const& gone = at(which);
    (gone.previous == nobody ? oldest_ : at(gone.previous).next) = gone.next;
    (gone.next == nobody ? newest_ : at(gone.next).previous) = gone.previous;
    auto& sender = senders_.at(gone.sender);
    sender.oldest = gone.next_of_sender;
    if (sender.oldest == nobody)
        sender.newest = nobody;
    --sender.held;
    senders_.let_go(gone.sender);
}

// The oldest of its sender.
void duplicate_cache::forget(number ended) noexcept
{
    auto& old = at(ended);
    auto* link = &bucket_of(old.dh);
    while (*link != ended)
        link = &at(*link).next_in_bucket;
    *link = old.next_in_bucket;
    if (old.has_reply)
        let_go_of_reply(ended);
    unlink(ended);
    old.next = std::exchange(unused_, ended);
    --size_;
}

// Replies lie in the order in which requests ended: room comes of those that are gone in front.
void duplicate_cache::let_go_of_reply(number which) noexcept
{
    at(which).has_reply = false;
    while (oldest_reply_ != nobody && !at(oldest_reply_).has_reply)
        oldest_reply_ = at(oldest_reply_).next;
    replies_.let_go(
        oldest_reply_ == nobody ? std::nullopt : std::optional{at(oldest_reply_).reply}
    );
}

void duplicate_cache::forget_oldest_reply() noexcept
{
    forgotten_early_ += at(oldest_reply_).expires > now_ ? 1U : 0U;
    let_go_of_reply(oldest_reply_);
}

void duplicate_cache::forget_early(number ended) noexcept
{
    forgotten_early_ += at(ended).expires > now_ ? 1U : 0U;
    forget(ended);
}

void duplicate_cache::make_index(std::size_t entries)
{
    std::vector<number> const before = std::move(buckets_);
    buckets_.assign(buckets_for(entries), nobody);
    for (auto first : before)
        while (first != nobody) {
            auto& moved = at(first);
            auto const following = moved.next_in_bucket;
            auto& bucket = bucket_of(moved.dh);
            moved.next_in_bucket = std::exchange(bucket, first);
            first = following;
        }
}

void duplicate_cache::set_bounds(bounds most)
{
    bool const other_index = buckets_for(most.entries) != buckets_.size();
    most_ = most;
    replies_.set_bound(most.bytes);
    while (oldest_ != nobody && size_ > most_.entries)
        forget_early(oldest_);
    while (oldest_reply_ != nobody && replies_.over_bound())
        forget_oldest_reply();
    if (other_index)
        make_index(most_.entries);
}

}  // namespace gatehouse::pssst
