#include "report.h"

#include "document.h"
#include "time_text.h"

#include <unistd.h>

namespace gatehouse::ctl {

page page_now()
{
    return {
        columns_of(STDOUT_FILENO),
        look_of(STDOUT_FILENO),
        std::chrono::system_clock::now(),
        nullptr};
}

std::string age_cell(boost::json::object const& from, std::string_view key, page const& on)
{
    auto const age = seconds_since(text_in(from, key), on.now);
    return age ? age_text(*age) : cell(from, key);
}

std::string rate_cell(page const& on, std::string const& name, std::optional<double> count)
{
    auto const rate = on.counted && count ? on.counted->of(name, *count) : std::nullopt;
    return rate ? rate_text(*rate) : "-";
}

}  // namespace gatehouse::ctl
