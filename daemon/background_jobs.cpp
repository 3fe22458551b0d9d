#include "background_jobs.h"

#include "attempt.h"
#include "net/signals_blocked.h"

#include <boost/asio/post.hpp>

#include <utility>

namespace gatehouse {

background_jobs::background_jobs(boost::asio::io_context& context) : context_{context}
{
    signals_blocked const quiet;
    thread_.emplace(std::size_t{1});
}

void background_jobs::run(std::function<void()> work, finished done)
{
    auto on_thread = [this, does = std::move(work), tell = std::move(done)]() mutable {
        auto failure = attempt("work beside the main thread", does);
        boost::asio::post(context_, [this, tell = std::move(tell), why = std::move(failure)] {
            --under_way_;
            tell(why);
        });
    };
    boost::asio::post(*thread_, std::move(on_thread));
    ++under_way_;
}

}  // namespace gatehouse
