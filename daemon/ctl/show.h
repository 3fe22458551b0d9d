// Ask, and show the answer.
#pragma once

#include "call.h"
#include "report.h"

namespace gatehouse::ctl {

// The answer as the daemon's document (--json) or through `as`; again and again with --watch.
int show(call const& what, question const& asked, report as);

// The answer of a command that changes something: the document, or `text` of it.
int show_done(call const& what, question const& asked, report as);

// A document of the daemon on standard output, as it is.
void print_document(std::string_view document);

}  // namespace gatehouse::ctl
