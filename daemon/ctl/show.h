// Ask, and show the answer.
#pragma once

#include "call.h"
#include "report.h"

namespace gatehouse::ctl {

// The answer as the daemon's document (--json) or through `as`; again and again with --watch.
int show(call const& what, question const& asked, report as);

// One line that says what was done: about what, what happened to it, and what is new, such as
// "device 02:00:00:00:00:01 rotated, key 2026-11\n".
using outcome = std::string (*)(boost::json::object const& from, arguments const& words);

// The answer of a command that changes something: the document, or the outcome.
int show_done(call const& what, question const& asked, outcome as);

// A document of the daemon on standard output, as it is.
void print_document(std::string_view document);

}  // namespace gatehouse::ctl
