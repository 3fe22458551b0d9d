// A position in a file.
#pragma once

namespace gatehouse::config {

struct position {
    int line = 1;
    int column = 1;
};

}  // namespace gatehouse::config
