#include "reload.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <csignal>
#include <memory>
#include <utility>

namespace gatehouse {

reloader::reloader(boost::asio::io_context& context, steps how)
    : context_{context}
    , steps_{std::move(how)}
{
}

reloader::~reloader()
{
    if (reading_.joinable())
        reading_.join();
}

void reloader::request(reload_scope scope, preparation read, finished done)
{
    queue({scope, std::move(read), std::move(done)});
}

void reloader::request_change(preparation read, finished done)
{
    queue({std::nullopt, std::move(read), std::move(done)});
}

void reloader::request_errand(std::function<void()> work, std::function<void()> done)
{
    auto const read = [work = std::move(work)]() -> std::function<loaded_house()> {
        return [work] {
            work();
            return loaded_house{};
        };
    };
    auto const told = [done = std::move(done)](reload_outcome const&) { done(); };
    queue({std::nullopt, read, told, true});
}

void reloader::queue(order made)
{
    orders_.push_back(std::move(made));
    if (orders_.size() == 1)
        begin();
}

void reloader::begin()
{
    auto read = orders_.front().read();
    // Signals are the main thread's.
    sigset_t all{};
    sigset_t before{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before);
    reading_ = std::thread{[this, work = std::move(read)] {
        auto loaded = std::make_shared<loaded_house>(work());
        boost::asio::post(context_, [this, loaded] { take(std::move(*loaded)); });
    }};
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void reloader::take(loaded_house&& loaded)
{
    reading_.join();
    if (orders_.front().is_errand) {
        finish({});
        return;
    }
    steps_.apply(std::move(loaded), [this](reload_outcome const& outcome) { finish(outcome); });
}

void reloader::finish(reload_outcome const& outcome)
{
    if (auto const scope = orders_.front().of_files)
        steps_.told(*scope, outcome);
    auto const done = std::move(orders_.front().done);
    orders_.pop_front();
    if (!orders_.empty())
        begin();
    done(outcome);
}

}  // namespace gatehouse
