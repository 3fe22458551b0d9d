// How many connections an HTTP server has, what they may hold, and which one makes way.
//
// A connection that keeps the server waiting, for a request or for its answer to be taken, makes
// way for a new one: the one that was heard of longest ago. A request that is being worked on is
// never given up.
#pragma once

#include "metrics/labels.h"

#include <boost/intrusive/list.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse {

struct http_bounds {
    std::size_t connections = 0;  // at once
    std::size_t reserved = 0;     // of them, only for those that the kernel calls privileged
    std::size_t bodies = 0;       // bytes of requests' bodies at once
    std::size_t answers = 0;      // bytes of answers that are not taken; one answer may be larger
};

using http_hook = boost::intrusive::list_base_hook<>;

class http_guest : public http_hook {
public:
    enum class rank : std::uint8_t { ordinary, privileged };
    enum class phase : std::uint8_t { waiting, working, answering };

    explicit http_guest(rank of) : rank_{of} {}
    virtual ~http_guest() = default;
    http_guest(http_guest const&) = delete;
    http_guest& operator=(http_guest const&) = delete;

protected:
    // Room is needed: its connection ends at once. The places have forgotten it already.
    virtual void hang_up() = 0;

private:
    friend class http_slots;
    rank rank_;
    phase phase_ = phase::waiting;
    std::size_t body_ = 0;
    std::size_t answer_ = 0;
};

class http_slots {
public:
    using counts = std::array<std::uint64_t, metrics::endpoint_refusal_names.size()>;

    explicit http_slots(http_bounds const& bounds) : bounds_{bounds} {}

    // Room for a connection of this rank, made if need be. False, and counted, when there is none.
    bool free_capacity(http_guest::rank of);
    void enter(http_guest& one) { all_.push_back(one); }
    void leave(http_guest& one);  // does nothing for one that had to make way

    // It is waited for: a request, or more of one.
    void await(http_guest& one);
    // May its request have a body that has grown to so many bytes? They are held until `release`.
    bool hold_body(http_guest& one, std::size_t size);
    void work(http_guest& one);
    // Its answer goes out, and others that are not taken may have to make way for it.
    void answer(http_guest& one, std::size_t size);
    void release(http_guest& one);

    // When descriptors run out. False when nobody can go.
    bool evict_one(http_guest::rank for_whom);

    void count(metrics::endpoint_refusal why);
    counts const& refused() const noexcept { return refused_; }
    std::size_t size() const noexcept { return all_.size(); }

private:
    template <class Which>
    http_guest* find(http_guest::rank of, Which const& which);
    void evict(http_guest& one);

    http_bounds bounds_;
    boost::intrusive::list<http_guest> all_;  // who was heard of longest ago stands first
    std::size_t bodies_ = 0;
    std::size_t answers_ = 0;
    counts refused_{};
};

}  // namespace gatehouse
