// The documents that are sent, in memory that is wiped.
#pragma once

#include "document.h"
#include "wiping_memory.h"

#include <optional>
#include <string_view>

namespace gatehouse::ctl {

class request_body {
public:
    request_body() : document_{wiped_storage()} {}

    void add(std::string_view key, std::string_view value);
    // Nothing when there is no value.
    void add(std::string_view key, std::optional<std::string_view> value);
    void add(std::string_view key, request_body const& inner);

    wiped_string text() const;

private:
    boost::json::object document_;
};

}  // namespace gatehouse::ctl
