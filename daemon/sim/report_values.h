// How the reports of a run write their figures.
#pragma once

#include "base/time.h"
#include "latencies.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::sim {

double seconds(duration time);
double per_second(std::uint64_t count, duration time);
std::string number(double value, int digits);

// One line of a table.
std::string row(std::string_view name, std::string const& value);

std::string times_text(latencies const& times);
std::string times_json(latencies const& times);

}  // namespace gatehouse::sim
