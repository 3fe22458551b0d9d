#include "memory_keeper.h"

#include "net/clock.h"
#include "net/log.h"
#include "state_directory.h"

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
    lasting_memory const& from, std::filesystem::path const& directory, wall_time now
)
{
    std::vector<std::string> problems;
    for (auto const& part : lasting_memory::parts())
        if (auto why = write_state_file(directory / part.file, part.save(from, now)))
            problems.push_back(std::move(*why));
    return problems;
}

}  // namespace

memory_keeper::memory_keeper(
    boost::asio::io_context& context, errands& aside, std::filesystem::path directory
)
    : aside_{aside}
    , timer_{context.get_executor()}
    , directory_{std::move(directory)}
{
}

void memory_keeper::load(lasting_memory& into) const
{
    if (directory_.empty())
        return;
    for (auto const& part : lasting_memory::parts()) {
        auto const file = directory_ / part.file;
        auto const read = read_state_file(file, part.largest);
        if (!read.problem.empty())
            say("state ignored", read.problem);
        else if (!read.content.empty() && !part.load(into, read.content))
            say("state ignored", file.string() + " is no file of this kind, or broken");
    }
}

void memory_keeper::start(std::shared_ptr<lasting_memory> memory)
{
    memory_ = std::move(memory);
    if (!directory_.empty())
        wait();
}

void memory_keeper::wait()
{
    timer_.expires_after(between_saves);
    timer_.async_wait([this](boost::system::error_code failure) {
        if (failure)
            return;
        auto problems = std::make_shared<std::vector<std::string>>();
        aside_.run(
            [problems, from = memory_, to = directory_, now = read_wall_clock()] {
                *problems = write_all(*from, to, now);
            },
            [this, problems](std::string const& failed) {
                if (!failed.empty())
                    problems->push_back(failed);
                for (auto const& one : *problems)
                    say("state not kept", one);
                wait();
            }
        );
    });
}

void memory_keeper::save() const
{
    if (directory_.empty() || !memory_)
        return;
    for (auto const& one : write_all(*memory_, directory_, read_wall_clock()))
        say("state not kept", one);
}

}  // namespace gatehouse
