// Records on their way to one backend: kept until they are delivered, in order, across connections.
//
// "Delivered" is a property of the backend: written whole to its socket, or acknowledged by it.
// When a connection is lost, what was not delivered is sent again on the next one. No socket, no
// clock; on its worker's thread.
#pragma once

#include "backend/codec.h"

#include <boost/circular_buffer.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gatehouse::backend {

enum class delivery : std::uint8_t { when_written, when_acknowledged };

// Does whoever added a message want to know when it is delivered?
enum class receipt : std::uint8_t { none, wanted };

class spool {
public:
    // `format` outlives the spool.
    spool(codec const& format, delivery rule) : format_{format}, rule_{rule} {}

    void add(open_record const& record);
    void add(data_record const& record, receipt wanted = receipt::none);
    void add(undelivered_record const& record);
    void add(close_record const& record);
    // Never sent again: a lost complaint is not worth a second one.
    void add(error_record const& record);

    // What to write next; empty when everything was written. Valid until the next call that is not
    // const.
    bytes unsent() const noexcept;

    // The socket took `size` bytes of it.
    void written(std::size_t size);

    // The backend has taken over the session's messages up to `sequence`.
    void acknowledge(session_id session, std::uint64_t sequence);

    // The sessions of messages that were delivered since the last `clear_receipts`, one entry each,
    // as far as receipts were wanted.
    std::vector<session_id> const& receipts() const noexcept { return receipts_; }
    void clear_receipts() noexcept { receipts_.clear(); }

    // The connection is gone: `unsent` starts again at the first record that is not delivered.
    // Records that the lost connection may have carried whole are marked.
    void connection_lost();

    // Bytes that wait for delivery: what a bound is compared with. Open and close records that were
    // written do not count, although they are kept until a later message of the connection is
    // acknowledged: nothing acknowledges them by themselves.
    std::size_t waiting() const noexcept { return waiting_; }

    // Messages (not other records) that wait for delivery.
    std::size_t messages_waiting() const noexcept { return messages_; }

    bool empty() const noexcept { return waiting_ == 0; }

private:
    enum class kind : std::uint8_t { lifecycle, message, complaint };
    struct entry {
        std::uint32_t size = 0;
        kind what = kind::message;
        bool delivered = false;
        bool parked = false;
        bool wants_receipt = false;
        session_id session;
        std::uint64_t sequence = 0;
        std::uint64_t next_of_session = 0;  // number of the session's next message; 0 = none
    };
    // A session's undelivered messages, as a chain of entry numbers.
    struct chain {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
    };

    template <class Record>
    void append(Record const& record, entry made);
    entry& at(std::uint64_t number) noexcept { return entries_[number - first_number_]; }
    std::uint64_t end_number() const noexcept { return first_number_ + entries_.size(); }
    void chain_up(std::uint64_t number);
    void deliver(entry& done);
    void park(entry& sent);
    void unpark_all();
    void drop_delivered();
    void rebuild(bool mark_sent);
    void compact_if_worth_it();

    codec const& format_;
    delivery rule_;
    buffer bytes_;  // records of `entries_`, from `head_` on
    std::size_t head_ = 0;
    std::size_t sent_ = 0;  // bytes behind head_ that the socket took
    boost::circular_buffer<entry> entries_{64};
    std::uint64_t first_number_ = 1;  // of entries_.front()
    std::uint64_t sent_number_ = 1;   // first entry that is not wholly sent
    std::uint64_t sent_bytes_ = 0;    // bytes of wholly sent entries behind head_
    std::uint64_t heard_number_ = 0;  // the backend has read all entries before this one
    boost::unordered_flat_map<session_id, chain> chains_;
    std::size_t waiting_ = 0;
    std::size_t parked_ = 0;  // bytes of sent lifecycle records that no acknowledgement covers yet
    std::size_t messages_ = 0;
    std::vector<session_id> receipts_;
};

}  // namespace gatehouse::backend
