// --watch: the same report again and again.
#pragma once

#include "call.h"
#include "rates.h"

#include <functional>
#include <string>
#include <string_view>

namespace gatehouse::ctl {

// One sample as text. Throws failure.
using sample = std::function<std::string(rates& counted)>;

// Until an interrupt, which ends the program with 0. On a terminal each sample takes the place of
// the one before, and the terminal is left as it was; elsewhere they follow each other. When the
// daemon goes away after the first sample, that is said and it is waited for; failures of other
// kinds, and one of the first sample, are thrown.
int watch(call const& what, sample const& next);

// A document as one line of visible text.
std::string one_line(std::string_view document);

}  // namespace gatehouse::ctl
