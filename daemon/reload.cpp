#include "reload.h"

#include <memory>
#include <utility>

namespace gatehouse {

reloader::reloader(boost::asio::io_context& context, steps how)
    : steps_{std::move(how)}
    , reading_{context}
{
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
    auto const loaded = std::make_shared<loaded_house>();
    reading_.run(
        [loaded, read = orders_.front().read()] { *loaded = read(); },
        [this, loaded] {
            steps_.apply(std::move(*loaded), [this](reload_outcome const& outcome) {
                finish(outcome);
            });
        }
    );
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
