// What `status` shows.
#pragma once

#include "report.h"

namespace gatehouse::ctl {

std::string status_report(boost::json::object const& status, page const& on);

}  // namespace gatehouse::ctl
