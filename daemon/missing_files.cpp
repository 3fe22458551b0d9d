#include "missing_files.h"

#include "attempt.h"
#include "net/clock.h"
#include "net/log.h"

#include <memory>
#include <utility>

namespace gatehouse {

missing_files::missing_files(boost::asio::io_context& context, background_jobs& aside, steps how)
    : aside_{aside}
    , timer_{context.get_executor()}
    , steps_{std::move(how)}
{
}

void missing_files::wait()
{
    timer_.expires_after(between_looks);
    timer_.async_wait([this](boost::system::error_code failure) {
        if (failure)
            return;
        if (!attempt("look at files", [this] { look(); }).empty())
            wait();
    });
}

// The next one is waited for when this one has come back, whatever it came to.
void missing_files::look()
{
    auto const found = std::make_shared<findings>();
    aside_.run(
        [found, does = steps_.look()] { *found = does(); },
        [this, found](std::string const& failure) {
            wait();
            if (failure.empty())
                note(*found);
        }
    );
}

void missing_files::note(findings const& found)
{
    auto const before = std::exchange(all_, {});
    for (auto const& [file, why] : found) {
        auto const known = before.find(file);
        bool const is_new = known == before.end();
        all_[file] = {is_new ? read_wall_clock() : known->second.since, why};
        if (is_new)
            log::write(log::level::error, "file missing", {{"file", file}, {"detail", why}});
    }
    for (auto const& [file, was] : before) {
        if (found.contains(file))
            continue;
        log::write(log::level::info, "file back", {{"file", file}});
        steps_.back(file);
    }
}

}  // namespace gatehouse
