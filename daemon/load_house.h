// From the configuration file to all that the workers share, or to every problem found.
#pragma once

#include "config/problem.h"
#include "net/shared_house.h"

#include <memory>
#include <string>

namespace gatehouse {

struct loaded_house {
    std::unique_ptr<shared_house> house;  // null when there was a problem
    config::problems problems;
    config::problems warnings;
};

// Reads the configuration and its credential files; binds nothing.
loaded_house load_house(std::string const& config_file);

}  // namespace gatehouse
