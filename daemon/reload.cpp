#include "reload.h"

#include "attempt.h"

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
    auto const loaded = std::make_shared<loaded_snapshot>();
    auto const read_all = [this, loaded] {
        reading_.run(
            [loaded, read = orders_.front().read()] { *loaded = read(); },
            [this, loaded](std::string const& failure) {
                if (failure.empty())
                    apply(std::move(*loaded));
                else
                    give_up(failure);
            }
        );
    };
    if (auto const failure = attempt("reload", read_all); !failure.empty())
        give_up(failure);
}

void reloader::apply(loaded_snapshot&& loaded)
{
    auto const failure = attempt("reload", [&] {
        steps_.apply(std::move(loaded), [this](reload_outcome const& outcome) { finish(outcome); });
    });
    if (!failure.empty())
        give_up(failure);
}

void reloader::give_up(std::string const& why)
{
    finish(reload_outcome::refused({{"reload", 0, 0, "it could not be finished: " + why}}));
}

// Whatever those do who are told, the next one begins.
void reloader::finish(reload_outcome const& outcome) noexcept
{
    auto const ended = std::move(orders_.front());
    orders_.pop_front();
    attempt("reload", [&] {
        if (ended.of_files)
            steps_.told(*ended.of_files, outcome);
    });
    if (!orders_.empty())
        begin();
    attempt("reload", [&] { ended.done(outcome); });
}

}  // namespace gatehouse
