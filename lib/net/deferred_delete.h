// What is over is destroyed in a later turn of the event loop: whoever said so may still be inside.
//
// Part of what owns the objects, on that worker's thread; their memory goes back to its pool.
#pragma once

#include "base/chunk_pool.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <utility>
#include <vector>

namespace gatehouse {

template <class T>
class deferred_delete {
public:
    // Both outlive it, and it what is posted: see `is_posted`.
    deferred_delete(boost::asio::io_context& context, chunk_pool& memory)
        : context_{context}
        , memory_{memory}
    {
    }

    void delete_later(T& over)
    {
        dead_.push_back(&over);
        if (std::exchange(posted_, true))
            return;
        boost::asio::post(context_, [this] {
            posted_ = false;
            clear();
        });
    }

    void clear()
    {
        for (auto* one : dead_) {
            one->~T();
            memory_.give_back(one);
        }
        dead_.clear();
    }

    bool is_posted() const noexcept { return posted_; }

private:
    boost::asio::io_context& context_;
    chunk_pool& memory_;
    std::vector<T*> dead_;
    bool posted_ = false;
};

}  // namespace gatehouse
