// The result of a load run, for people and for programs.
#pragma once

#include "fleet.h"
#include "load_options.h"

#include <string>

namespace gatehouse::sim {

std::string report_text(load_options const& options, load_result const& result);

// One JSON document, one line.
std::string report_json(load_options const& options, load_result const& result);

}  // namespace gatehouse::sim
