// Writing JSON text into a byte buffer, without a document in between.
#pragma once

#include "backend/codec.h"

#include <cstdint>
#include <string_view>

namespace gatehouse::backend {

class json_object {
public:
    // Writes `{"type":"<type>"`; the destructor does not close it, `end` does.
    json_object(buffer& out, std::string_view type);

    json_object& text(std::string_view key, std::string_view value);  // escaped; valid UTF-8
    json_object& number(std::string_view key, std::uint64_t value);
    json_object& base64(std::string_view key, bytes value);

    // Writes `}` and a line end.
    void end();

private:
    void key(std::string_view name);

    buffer& out_;
};

}  // namespace gatehouse::backend
