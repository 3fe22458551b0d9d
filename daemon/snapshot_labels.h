// The names behind a snapshot's cells: what the scrape shows.
#pragma once

#include "config/problem.h"
#include "config/secret_text.h"
#include "metrics/exposition.h"
#include "net/shared_snapshot.h"

#include <memory>
#include <vector>

namespace gatehouse {

// Reads the snapshot's cells as long as it lives; main thread.
metrics::exposition make_exposition(std::shared_ptr<shared_snapshot const> const& snapshot);

// Unsafe generations that a listener admits are warned about.
void warn_about_unsafe_generations(config::listener const& listener);

// What a load of credentials warns about.
void log_warnings(config::problems const& list);

// What its key files were taken for, in numbers; nothing when it has none.
void log_key_files(std::vector<config::key_file_note> const& read);

}  // namespace gatehouse
