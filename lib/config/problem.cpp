#include "config/problem.h"

#include <algorithm>

namespace gatehouse::config {

std::string to_string(problem const& p)
{
    return p.file + ':' + std::to_string(std::max(p.line, 1)) + ':' +
           std::to_string(std::max(p.column, 1)) + ": " + p.text;
}

}  // namespace gatehouse::config
