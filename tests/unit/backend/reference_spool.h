// What a spool has to do, as plainly as it can be said: slow, and copying all it is given.
#pragma once

#include "backend/spool.h"
#include "support/byte_string.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gatehouse::test {

class reference_spool {
public:
    enum class kind : std::uint8_t { lifecycle, message, complaint };
    struct item {
        kind what = kind::message;
        std::uint64_t session = 0;
        std::uint64_t sequence = 0;  // messages only
        byte_string plain;
        byte_string again;      // the same record, sent again
        bool repeated = false;  // goes out as `again`
        bool sent = false;      // whole, on this connection
        bool delivered = false;

        byte_string const& form() const { return repeated ? again : plain; }
    };

    explicit reference_spool(backend::delivery rule) : rule_{rule} {}

    void add(item made) { items_.push_back(std::move(made)); }

    // What this connection has to be sent, from its first byte on, and how much of it was.
    byte_string stream() const
    {
        byte_string all;
        for (auto const& one : items_)
            append(all, one.form());
        return all;
    }
    byte_string unsent() const
    {
        auto const all = stream();
        return copy_of(bytes{all}.subspan(taken_));
    }

    void written(std::size_t size)
    {
        taken_ += size;
        std::size_t end = 0;
        for (auto& one : items_) {
            end += one.form().size();
            if (end > taken_)
                break;
            one.sent = true;
            if (rule_ == backend::delivery::when_written || one.what == kind::complaint)
                one.delivered = true;
        }
        forget();
    }

    void acknowledge(std::uint64_t session, std::uint64_t sequence)
    {
        if (rule_ == backend::delivery::when_written)
            return;
        std::size_t heard = 0;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            auto& one = items_[i];
            if (one.what != kind::message || one.session != session || one.delivered)
                continue;
            if (!one.sent || one.sequence > sequence)
                break;
            one.delivered = true;
            heard = i;
        }
        for (std::size_t i = 0; i < heard; ++i)
            items_[i].delivered = items_[i].delivered || items_[i].what == kind::lifecycle;
        forget();
    }

    void connection_lost()
    {
        std::erase_if(items_, [](item const& one) { return one.delivered; });
        for (auto& one : items_) {
            one.repeated = one.repeated || one.sent;
            one.sent = false;
        }
        taken_ = 0;
    }

    std::size_t messages_waiting() const
    {
        std::size_t count = 0;
        for (auto const& one : items_)
            count += one.what == kind::message && !one.delivered ? 1 : 0;
        return count;
    }

    // An open or close is kept until it is known to be read, but waits only until it is written.
    std::size_t waiting() const
    {
        std::size_t size = 0;
        for (auto const& one : items_) {
            bool const kept_only = one.what == kind::lifecycle && one.sent;
            size += one.delivered || kept_only ? 0 : one.form().size();
        }
        return size;
    }

private:
    // Only to stay fast.
    void forget()
    {
        std::size_t gone = 0;
        for (; gone < items_.size() && items_[gone].delivered; ++gone)
            taken_ -= items_[gone].form().size();
        items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(gone));
    }

    backend::delivery rule_;
    std::vector<item> items_;
    std::size_t taken_ = 0;
};

}  // namespace gatehouse::test
