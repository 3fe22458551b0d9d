#include "memory_keeper.h"

#include "attempt.h"
#include "net/clock.h"
#include "net/log.h"
#include "state_directory.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse {

namespace {

void say(std::string_view event, std::string const& detail)
{
    log::write(log::level::warn, event, {{"detail", detail}});
}

// What went wrong. Any thread.
std::vector<std::string> write_all(
    std::vector<lasting_state*> const& all, std::filesystem::path const& directory, wall_time now
)
{
    std::vector<std::string> problems;
    for (auto const* one : all)
        if (auto why = write_state_file(directory / one->file(), one->save(now)))
            problems.push_back(std::move(*why));
    return problems;
}

}  // namespace

memory_keeper::memory_keeper(
    boost::asio::io_context& context,
    background_jobs& aside,
    std::filesystem::path directory,
    std::vector<lasting_state*> all
)
    : aside_{aside}
    , timer_{context.get_executor()}
    , directory_{std::move(directory)}
    , all_{std::move(all)}
{
}

void memory_keeper::load() const
{
    if (directory_.empty())
        return;
    for (auto* const one : all_) {
        auto const file = directory_ / one->file();
        auto const read = read_state_file(file, one->largest());
        if (!read.problem.empty())
            say("state ignored", read.problem);
        else if (!read.content.empty() && !one->load(read.content))
            say("state ignored", file.string() + " is no file of this kind, or broken");
    }
}

void memory_keeper::start()
{
    if (!directory_.empty())
        wait();
}

// The next one is waited for whatever becomes of this one.
void memory_keeper::wait()
{
    timer_.expires_after(between_saves);
    timer_.async_wait([this](boost::system::error_code failure) {
        if (failure)
            return;
        wait();
        attempt("state", [this] { save_aside(); });
    });
}

void memory_keeper::save_aside()
{
    auto problems = std::make_shared<std::vector<std::string>>();
    aside_.run(
        [problems, from = all_, to = directory_, now = read_wall_clock()] {
            *problems = write_all(from, to, now);
        },
        [problems](std::string const& failed) {
            if (!failed.empty())
                problems->push_back(failed);
            for (auto const& one : *problems)
                say("state not kept", one);
        }
    );
}

void memory_keeper::save() const
{
    if (directory_.empty())
        return;
    for (auto const& one : write_all(all_, directory_, read_wall_clock()))
        say("state not kept", one);
}

}  // namespace gatehouse
