// What a codec made of one record, owned, so that a test may look at it at leisure.
#pragma once

#include "backend/codec.h"
#include "support/byte_string.h"
#include "support/readable_error.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace gatehouse::backend {

// For the messages of gtest.
inline std::ostream& operator<<(std::ostream& out, decoded::verdict what)
{
    switch (what) {
    case decoded::verdict::command:
        return out << "command";
    case decoded::verdict::refused:
        return out << "refused";
    case decoded::verdict::ignored:
        return out << "ignored";
    case decoded::verdict::broken:
        return out << "broken";
    }
    return out << "no verdict";
}

}  // namespace gatehouse::backend

namespace gatehouse::test {

using verdict = backend::decoded::verdict;

struct answer {
    verdict what = verdict::broken;
    std::string why;
    backend::command_kind kind = backend::command_kind::data;
    session_id session;
    std::string device;
    std::uint64_t sequence = 0;
    byte_string payload;
    std::string status;
    std::string ref;
};

// Decodes from memory of exactly the record's size, so that the sanitizer sees a read beside it.
inline answer ask(backend::codec& format, bytes record)
{
    auto const memory = std::make_unique<std::uint8_t[]>(record.size());
    std::copy(record.begin(), record.end(), memory.get());
    auto const made = format.decode({memory.get(), record.size()});
    return {
        .what = made.what,
        .why = std::string{made.why},
        .kind = made.value.kind,
        .session = made.value.session,
        .device = std::string{made.value.device},
        .sequence = made.value.sequence,
        .payload = copy_of(made.value.payload),
        .status = std::string{made.value.status},
        .ref = std::string{made.value.ref},
    };
}

inline answer ask(backend::codec& format, std::string_view record)
{
    return ask(format, as_bytes(record));
}

// One record as the codec writes it.
template <class Record>
byte_string written(backend::codec const& format, Record const& record)
{
    backend::buffer out;
    format.write(record, out);
    return out;
}

inline byte_string written_again(backend::codec const& format, bytes record)
{
    backend::buffer out;
    format.write_again(record, out);
    return out;
}

}  // namespace gatehouse::test
