#include "errands.h"

#include <boost/asio/post.hpp>

#include <csignal>
#include <utility>

namespace gatehouse {

namespace {

// A thread that no signal interrupts: those are the main thread's.
std::thread quiet_thread(std::function<void()> work)
{
    sigset_t all{};
    sigset_t before{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before);
    std::thread made{std::move(work)};
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return made;
}

}  // namespace

errands::~errands()
{
    if (thread_.joinable())
        thread_.join();
}

void errands::run(std::function<void()> work, std::function<void()> done)
{
    waiting_.push_back({std::move(work), std::move(done)});
    if (waiting_.size() == 1)
        begin();
}

void errands::begin()
{
    thread_ = quiet_thread([this, work = std::move(waiting_.front().work)] {
        work();
        boost::asio::post(context_, [this] { finish(); });
    });
}

void errands::finish()
{
    thread_.join();
    auto const done = std::move(waiting_.front().done);
    waiting_.pop_front();
    if (!waiting_.empty())
        begin();
    done();
}

}  // namespace gatehouse
