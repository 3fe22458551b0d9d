// What a package says (docs/protocols/upss.md, "Packages"). Boost.JSON judges what is JSON: NaN,
// which the reference takes, is not.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace gatehouse::upss {

// Views live until the reader's next call. Texts that are not there are empty.
struct package {
    std::string_view path;
    std::string_view type;
    // Members of `data`.
    bool has_message = false;
    mutable_bytes message;    // msg
    mutable_bytes key;        // key
    std::string_view status;  // status
    std::string_view action;  // action
};

// One a worker; its memory is made once, for packages of up to so many bytes.
class package_reader {
public:
    explicit package_reader(std::size_t largest);
    ~package_reader();
    package_reader(package_reader const&) = delete;
    package_reader& operator=(package_reader const&) = delete;

    // Errors: malformed_record (not JSON; no path, type or data, or not of the right kind);
    // malformed_oversize (more values than there is memory for).
    result<package> read(bytes text);

    // A text among the members of the last package's `data`; empty when there is none.
    std::string_view text(std::string_view member);

    // The members of the last package's `data` beside `msg`, as JSON; empty when there are none.
    bytes plain();

private:
    struct memory;
    std::unique_ptr<memory> memory_;
};

}  // namespace gatehouse::upss
