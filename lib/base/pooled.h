// Objects that are used for a while and handed back, buffers and all: nothing is allocated in
// steady state.
//
// One pool a worker and type, on that worker's thread.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace gatehouse {

template <class T>
class object_pool;

// Base of what a pool lends. `T::reset()` makes a used object like new, but keeps its memory.
template <class T>
class pooled {
private:
    friend class object_pool<T>;
    friend struct pool_return;
    object_pool<T>* home_ = nullptr;
};

// Gives a lent object back when its owner is done with it.
struct pool_return {
    template <class T>
    void operator()(T* lent) const noexcept
    {
        static_cast<pooled<T>*>(lent)->home_->give_back(lent);
    }
};

template <class T>
using pool_ptr = std::unique_ptr<T, pool_return>;

// Outlives every object that it lent.
template <class T>
class object_pool {
public:
    // Keeps at most `spare` unused objects.
    explicit object_pool(std::size_t spare) : limit_{spare} { spare_.reserve(spare); }

    pool_ptr<T> take()
    {
        if (spare_.empty())
            spare_.push_back(std::make_unique<T>());
        pool_ptr<T> lent{spare_.back().release()};
        spare_.pop_back();
        static_cast<pooled<T>*>(lent.get())->home_ = this;
        return lent;
    }

private:
    friend struct pool_return;

    void give_back(T* lent) noexcept
    {
        std::unique_ptr<T> returned{lent};
        if (spare_.size() >= limit_)
            return;
        returned->reset();
        spare_.push_back(std::move(returned));
    }

    std::size_t limit_;
    std::vector<std::unique_ptr<T>> spare_;
};

}  // namespace gatehouse
