// What operators ask of a worker: answers are values, and long ones are put together in slices.
#include "net/limits.h"
#include "net/worker.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace gatehouse {

namespace {

bool matches(session_row const& row, session_filter const& wanted)
{
    if (wanted.device && row.facts.device != *wanted.device)
        return false;
    if (wanted.listener && row.listener != *wanted.listener)
        return false;
    return wanted.keys.empty() ||
           std::any_of(wanted.keys.begin(), wanted.keys.end(), [&](auto const& key) {
               return key.credentials == row.credentials && key.index == row.facts.credential;
           });
}

}  // namespace

void worker::post_close(session_id which, std::function<void(bool found)> done)
{
    boost::asio::post(context_, [this, which, finished = std::move(done)] {
        tick();
        auto* live = sessions_.find(which);
        if (live != nullptr)
            live->end(end_reason::admin);
        finished(live != nullptr);
    });
}

void worker::post_list(session_filter wanted, std::function<void(session_list)> done)
{
    boost::asio::post(
        context_,
        [this, filter = std::move(wanted), finished = std::move(done)]() mutable {
            listings_.push_back({std::move(filter), sessions_.ids(), {}, std::move(finished)});
            if (listings_.size() == 1)
                list_some();
        }
    );
}

void worker::list_some()
{
    auto& current = listings_.front();
    for (std::size_t i = 0; i < net_limits::listed_a_turn && !current.left.empty(); ++i) {
        auto const* live = sessions_.find(current.left.back());
        current.left.pop_back();
        if (live == nullptr)
            continue;
        auto const row = live->look();
        if (!row.facts.authenticated || !matches(row, current.wanted))
            continue;
        ++current.made.total;
        if (current.made.rows.size() < current.wanted.limit)
            current.made.rows.push_back(row);
    }
    if (current.left.empty()) {
        current.done(std::move(current.made));
        listings_.pop_front();
    }
    if (!listings_.empty())
        boost::asio::post(context_, [this] { list_some(); });
}

void worker::post_sightings(
    std::vector<identity::device_id> of, std::function<void(std::vector<device_sighting>)> done
)
{
    boost::asio::post(
        context_,
        [this, devices = std::move(of), finished = std::move(done)]() mutable {
            look_ups_.push_back({std::move(devices), {}, std::move(finished)});
            if (look_ups_.size() == 1)
                look_up_some();
        }
    );
}

void worker::look_up_some()
{
    auto& current = look_ups_.front();
    for (std::size_t i = 0; i < net_limits::listed_a_turn && !current.left.empty(); ++i) {
        if (auto const seen = directory_.sighting_of(current.left.back()))
            current.made.push_back(*seen);
        current.left.pop_back();
    }
    if (current.left.empty()) {
        current.done(std::move(current.made));
        look_ups_.pop_front();
    }
    if (!look_ups_.empty())
        boost::asio::post(context_, [this] { look_up_some(); });
}

void worker::post_key_uses(
    std::size_t sets, std::function<void(std::vector<std::vector<key_use>>)> done
)
{
    boost::asio::post(context_, [this, sets, finished = std::move(done)] {
        std::vector<std::vector<key_use>> all;
        for (std::size_t slot = 0; slot < sets; ++slot)
            all.push_back(directory_.uses_of(slot));
        finished(std::move(all));
    });
}

}  // namespace gatehouse
