// A document of the daemon as text for people.
#pragma once

#include "rates.h"
#include "terminal.h"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace gatehouse::ctl {

// What a report is written on.
struct page {
    std::size_t width = 0;  // 0: no limit
    look style = look::plain;
    std::chrono::system_clock::time_point now{};
    rates* counted = nullptr;  // null unless the report is repeated
};

using report = std::string (*)(boost::json::object const& from, page const& on);

// For standard output, at this moment.
page page_now();

// The age of a time, "-" for none.
std::string age_cell(boost::json::object const& from, std::string_view key, page const& on);

// The rate of a counter, "-" while there is only one sample.
std::string rate_cell(page const& on, std::string const& name, std::optional<double> count);

// Whether rates can be shown: the report is repeated.
inline bool shows_rates(page const& on) noexcept
{
    return on.counted != nullptr;
}

}  // namespace gatehouse::ctl
