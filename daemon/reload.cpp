#include "reload.h"

#include "errands.h"

#include <boost/asio/post.hpp>

#include <algorithm>
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

void reloader::queue(order made)
{
    orders_.push_back(std::move(made));
    if (orders_.size() == 1)
        begin();
}

void reloader::begin()
{
    auto read = orders_.front().read();
    reading_ = quiet_thread([this, work = std::move(read)] {
        auto loaded = std::make_shared<loaded_house>(work());
        boost::asio::post(context_, [this, loaded] { take(std::move(*loaded)); });
    });
}

void reloader::take(loaded_house&& loaded)
{
    reading_.join();
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
