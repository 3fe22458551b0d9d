// One encoding of the records. Two exist: ndjson.cpp and binary.cpp.
//
// One codec a link, on its worker's thread.
#pragma once

#include "backend/record.h"
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace gatehouse::backend {

using buffer = std::vector<std::uint8_t>;

// The longest message that any record can carry, also as text of which each character is escaped.
inline constexpr std::size_t carried_message_limit = std::size_t{64} << 10;

// The longest record that a backend may send, its framing included: room for such a message.
inline constexpr std::size_t incoming_record_limit = std::size_t{512} << 10;

// As many records in a row that are not of the encoding end a connection: what comes there is
// something else.
inline constexpr unsigned broken_records_in_a_row = 16;

struct decoded {
    enum class verdict : std::uint8_t {
        command,  // execute `value`
        refused,  // well formed, but not to be executed: answer with an error record
        ignored,  // an empty line or an error record: nothing to do
        broken,   // not of this encoding: answered and skipped as well, but few in a row
    };
    verdict what = verdict::broken;
    command value;         // of a refused record: what is known of its address
    std::string_view why;  // static text, for `refused` and `broken`
};

class codec {
public:
    virtual ~codec() = default;
    codec(codec const&) = delete;
    codec& operator=(codec const&) = delete;

    // Each appends one whole record.
    virtual void write(hello_record const& record, buffer& out) const = 0;
    virtual void write(open_record const& record, buffer& out) const = 0;
    virtual void write(data_record const& record, buffer& out) const = 0;
    virtual void write(undelivered_record const& record, buffer& out) const = 0;
    virtual void write(close_record const& record, buffer& out) const = 0;
    virtual void write(error_record const& record, buffer& out) const = 0;

    // Appends a copy of a whole record that says that it is sent again. Saying so twice is the
    // same.
    virtual void write_again(bytes record, buffer& out) const = 0;

    // The size of the first whole record in `received`, framing included; 0 when it is not
    // complete. error::backend_too_long when it never will be within incoming_record_limit.
    virtual result<std::size_t> split(bytes received) const = 0;

    // Reads one whole record. Views in the result live until the next call.
    virtual decoded decode(bytes record) = 0;

protected:
    codec() = default;
};

enum class payload_form : std::uint8_t { base64, text };

std::unique_ptr<codec> make_ndjson_codec(payload_form form);
std::unique_ptr<codec> make_binary_codec();

}  // namespace gatehouse::backend
