#include "backend/spool.h"

#include <algorithm>

namespace gatehouse::backend {

namespace {

// Memory beyond this is given back when the spool runs empty.
constexpr std::size_t kept_capacity = std::size_t{256} << 10;
constexpr std::size_t kept_entries = 2048;

// More than this of written open and close records is not kept for a lost connection.
constexpr std::size_t most_parked = std::size_t{1} << 20;

// Delivered records in the middle are squeezed out when they make up this much.
constexpr std::size_t compaction_threshold = std::size_t{64} << 10;

}  // namespace

template <class Record>
void spool::append(Record const& record, entry made)
{
    auto const before = bytes_.size();
    format_.write(record, bytes_);
    made.size = static_cast<std::uint32_t>(bytes_.size() - before);
    waiting_ += made.size;
    if (entries_.full())
        entries_.set_capacity(entries_.capacity() * 2);
    entries_.push_back(made);
}

void spool::add(open_record const& record)
{
    append(record, {.what = kind::lifecycle, .session = record.session});
}

void spool::add(close_record const& record)
{
    append(record, {.what = kind::lifecycle, .session = record.session});
}

void spool::add(error_record const& record)
{
    append(record, {.what = kind::complaint, .session = record.session});
}

// Kept like a message of its session that nobody acknowledges: with the records around it.
void spool::add(undelivered_record const& record)
{
    append(record, {.what = kind::lifecycle, .session = record.session});
}

void spool::add(data_record const& record, receipt wanted)
{
    auto const number = end_number();
    append(
        record,
        {
            .what = kind::message,
            .wants_receipt = wanted == receipt::wanted,
            .session = record.session,
            .sequence = record.sequence,
        }
    );
    ++messages_;
    chain_up(number);
}

// Message `number` becomes the last of its session's, for acknowledgements to find.
void spool::chain_up(std::uint64_t number)
{
    if (rule_ != delivery::when_acknowledged)
        return;
    auto const [found, is_new] = chains_.try_emplace(at(number).session, chain{number, number});
    if (is_new)
        return;
    at(found->second.last).next_of_session = number;
    found->second.last = number;
}

bytes spool::unsent() const noexcept
{
    return bytes{bytes_}.subspan(head_ + sent_);
}

void spool::written(std::size_t size)
{
    sent_ += size;
    while (sent_number_ != end_number()) {
        auto& next = at(sent_number_);
        if (sent_bytes_ + next.size > sent_)
            break;
        sent_bytes_ += next.size;
        ++sent_number_;
        if (rule_ == delivery::when_written || next.what == kind::complaint)
            deliver(next);
        else if (next.what == kind::lifecycle)
            park(next);
    }
    if (parked_ > most_parked)
        unpark_all();
    drop_delivered();
    compact_if_worth_it();
}

void spool::park(entry& sent)
{
    sent.parked = true;
    waiting_ -= sent.size;
    parked_ += sent.size;
}

// Takes all parked records for delivered.
void spool::unpark_all()
{
    for (auto& one : entries_)
        if (one.parked && !one.delivered)
            deliver(one);
}

void spool::deliver(entry& done)
{
    if (done.delivered)
        return;
    done.delivered = true;
    (done.parked ? parked_ : waiting_) -= done.size;
    if (done.what == kind::message)
        --messages_;
    if (done.wants_receipt)
        receipts_.push_back(done.session);
}

void spool::acknowledge(session_id session, std::uint64_t sequence)
{
    auto const found = chains_.find(session);
    if (found == chains_.end())
        return;
    auto number = found->second.first;
    while (number != 0 && number < sent_number_ && at(number).sequence <= sequence) {
        auto& done = at(number);
        deliver(done);
        heard_number_ = std::max(heard_number_, number);
        number = done.next_of_session;
    }
    if (number == 0)
        chains_.erase(found);
    else
        found->second.first = number;
    drop_delivered();
    compact_if_worth_it();
}

// Takes delivered entries off the front. A socket keeps order, so what was sent before an
// acknowledged message was read by the backend too.
void spool::drop_delivered()
{
    while (!entries_.empty() && first_number_ < sent_number_) {
        auto& front = entries_.front();
        if (front.what == kind::lifecycle && first_number_ < heard_number_)
            deliver(front);
        if (!front.delivered)
            break;
        head_ += front.size;
        sent_ -= front.size;
        sent_bytes_ -= front.size;
        entries_.pop_front();
        ++first_number_;
    }
    if (entries_.empty()) {
        bytes_.clear();
        head_ = 0;
        if (bytes_.capacity() > kept_capacity)
            buffer{}.swap(bytes_);
        if (entries_.capacity() > kept_entries)
            entries_.set_capacity(kept_entries);
        return;
    }
    if (head_ > bytes_.size() / 2 && head_ >= compaction_threshold) {
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(head_));
        head_ = 0;
    }
}

void spool::compact_if_worth_it()
{
    auto const held = bytes_.size() - head_;
    auto const wanted = waiting_ + parked_;
    if (held - wanted >= compaction_threshold && held - wanted > wanted)
        rebuild(false);
}

void spool::connection_lost()
{
    rebuild(true);
    sent_ = 0;
    sent_bytes_ = 0;
    sent_number_ = first_number_;
}

// Copies what is not delivered to the front of a fresh buffer, renumbering it; with `mark_sent`,
// wholly sent records say from now on that they are sent again.
void spool::rebuild(bool mark_sent)
{
    buffer rebuilt;
    boost::circular_buffer<entry> kept{std::max<std::size_t>(64, entries_.size())};
    chains_.clear();
    std::size_t from = head_;
    std::size_t partly_sent = sent_ - static_cast<std::size_t>(sent_bytes_);
    std::uint64_t number = first_number_;
    std::uint64_t kept_sent = 0;
    std::size_t kept_sent_bytes = 0;
    for (auto const& old : entries_) {
        auto const record = bytes{bytes_}.subspan(from, old.size);
        bool const sent = number < sent_number_;
        bool const heard = old.what == kind::lifecycle && number < heard_number_;
        from += old.size;
        ++number;
        if (old.delivered)
            continue;
        (old.parked ? parked_ : waiting_) -= old.size;
        if (heard)
            continue;
        auto made = old;
        made.parked = old.parked && !mark_sent;
        auto const before = rebuilt.size();
        if (mark_sent && sent)
            format_.write_again(record, rebuilt);
        else
            rebuilt.insert(rebuilt.end(), record.begin(), record.end());
        made.size = static_cast<std::uint32_t>(rebuilt.size() - before);
        made.next_of_session = 0;
        (made.parked ? parked_ : waiting_) += made.size;
        kept.push_back(made);
        if (sent) {
            ++kept_sent;
            kept_sent_bytes += made.size;
        }
    }
    bytes_ = std::move(rebuilt);
    entries_ = std::move(kept);
    head_ = 0;
    sent_number_ = first_number_ + kept_sent;
    sent_bytes_ = kept_sent_bytes;
    sent_ = kept_sent_bytes + partly_sent;
    // What was heard keeps no number here: everything before it is gone.
    heard_number_ = 0;
    for (auto renumbered = first_number_; renumbered != end_number(); ++renumbered)
        if (at(renumbered).what == kind::message)
            chain_up(renumbered);
}

}  // namespace gatehouse::backend
