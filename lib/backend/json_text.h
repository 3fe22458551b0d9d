// Writing JSON text into a byte buffer, without a document in between.
#pragma once

#include "backend/codec.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::backend {

class json_object {
public:
    // Writes `{"type":"<type>"`; `end` closes it and must be called.
    json_object(buffer& out, std::string_view type);
    json_object(json_object const&) = delete;
    json_object& operator=(json_object const&) = delete;
    ~json_object() = default;

    json_object& text(std::string_view key, std::string_view value);   // escaped; valid UTF-8
    json_object& plain(std::string_view key, std::string_view value);  // needs no escaping
    json_object& number(std::string_view key, std::uint64_t value);
    json_object& raw(std::string_view key, std::string_view value);  // is JSON
    json_object& base64(std::string_view key, bytes value);
    json_object& is_not(std::string_view key);  // "key":false

    // Writes `}` and a line end.
    void end();

private:
    std::uint8_t* claim(std::size_t size);
    void put(std::string_view text);
    void put_escaped(std::string_view text);
    void put_key(std::string_view name);

    buffer& out_;
    std::size_t at_;  // end of what is written; the buffer may be longer meanwhile
};

}  // namespace gatehouse::backend
