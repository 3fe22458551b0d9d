// Connections that have not proven anything, oldest first: a flood of them pushes out its own.
//
// A listener has two on each worker: connections without a whole hello, and devices between hello
// and proof. Working devices leave both within moments, so the oldest is hardly ever one.
#pragma once

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <limits>

namespace gatehouse {

struct half_open_tag;
using half_open_hook = boost::intrusive::list_base_hook<
    boost::intrusive::tag<half_open_tag>,
    boost::intrusive::link_mode<boost::intrusive::normal_link>>;

class half_open_connection : public half_open_hook {
public:
    half_open_connection() = default;
    virtual ~half_open_connection() = default;
    half_open_connection(half_open_connection const&) = delete;
    half_open_connection& operator=(half_open_connection const&) = delete;

    // Room is needed: end without a word. Leaves the queue that it is in.
    virtual void evict() = 0;
};

class half_open_queue {
public:
    static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

    explicit half_open_queue(std::size_t limit) : limit_{limit} {}

    // Adds a connection; when there are too many, the one that has been silent longest goes.
    void add(half_open_connection& arrived)
    {
        waiting_.push_back(arrived);
        if (waiting_.size() > limit_)
            evict_oldest();
    }

    void remove(half_open_connection& leaving) { waiting_.erase(waiting_.iterator_to(leaving)); }

    // False when there was none.
    bool evict_oldest()
    {
        if (waiting_.empty())
            return false;
        waiting_.front().evict();
        return true;
    }

    std::size_t size() const noexcept { return waiting_.size(); }

    // From the next that is added on.
    void set_limit(std::size_t limit) noexcept { limit_ = limit; }

private:
    std::size_t limit_;
    boost::intrusive::list<half_open_connection, boost::intrusive::base_hook<half_open_hook>>
        waiting_;
};

}  // namespace gatehouse
