// A larger page cache for a change of many rows: pages that come up again and again in rows without
// order are then not written to the log each time.
#pragma once

#include "store/database.h"

namespace gatehouse::store {

class large_page_cache {
public:
    // The database outlives it. No failure: with a small cache all is as right, and slower.
    explicit large_page_cache(database& where) : where_{where}
    {
        static_cast<void>(where_.run("PRAGMA cache_size = -262144"));  // KiB, taken as needed
    }
    ~large_page_cache()
    {
        static_cast<void>(where_.run("PRAGMA cache_size = -2000; PRAGMA shrink_memory"));
    }
    large_page_cache(large_page_cache const&) = delete;
    large_page_cache& operator=(large_page_cache const&) = delete;

private:
    database& where_;
};

}  // namespace gatehouse::store
