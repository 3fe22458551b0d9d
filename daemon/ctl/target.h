// Paths and parameters of requests, percent-encoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::ctl {

class target {
public:
    // `start`: "/v1/devices", which needs no encoding.
    explicit target(std::string_view start) : text_{start} {}

    target& segment(std::string_view name);
    target& parameter(std::string_view name, std::string_view value);
    // Nothing when there is no value.
    target& parameter(std::string_view name, std::optional<std::string_view> value);

    std::string text() const { return text_; }

private:
    std::string text_;
    char before_ = '?';
};

}  // namespace gatehouse::ctl
