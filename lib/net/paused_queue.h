// Connections that wait for room in a backend's queue, in the order in which they ran out of it.
#pragma once

#include <boost/intrusive/list.hpp>

#include <cstddef>

namespace gatehouse {

struct paused_tag;
using paused_hook = boost::intrusive::list_base_hook<
    boost::intrusive::tag<paused_tag>,
    boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// Leaves its queue when it is destroyed.
class pausable : public paused_hook {
public:
    pausable() = default;
    virtual ~pausable() = default;
    pausable(pausable const&) = delete;
    pausable& operator=(pausable const&) = delete;

    // There may be room again: look.
    virtual void resume() = 0;
};

class paused_queue {
public:
    void add(pausable& waiting) { waiting_.push_back(waiting); }
    bool empty() const noexcept { return waiting_.empty(); }

    // Wakes up to `count` of them, longest waiting first.
    void wake(std::size_t count)
    {
        while (count-- > 0 && !waiting_.empty()) {
            auto& next = waiting_.front();
            waiting_.pop_front();
            next.resume();
        }
    }

private:
    boost::intrusive::list<
        pausable,
        boost::intrusive::base_hook<paused_hook>,
        boost::intrusive::constant_time_size<false>>
        waiting_;
};

}  // namespace gatehouse
