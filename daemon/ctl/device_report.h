// Devices as text.
#pragma once

#include "report.h"
#include "table.h"

namespace gatehouse::ctl {

// The columns of a list of devices, and one device in them.
std::vector<column> device_columns();
std::vector<std::string> device_cells(boost::json::object const& device, page const& on);

// One device in full.
std::string device_report(boost::json::object const& device, page const& on);

}  // namespace gatehouse::ctl
