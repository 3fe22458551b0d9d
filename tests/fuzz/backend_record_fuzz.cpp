// What backends write: any bytes split into records, and any record is obeyed, refused or ends the
// connection. The first byte chooses the encoding, the rest is the stream.
#include "backend/codec.h"
#include "base/utf8.h"
#include "fuzz/require.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace {

using namespace gatehouse;
using gatehouse::test::require;
using verdict = backend::decoded::verdict;

enum class encoding : std::uint8_t { records, base64, text };

std::unique_ptr<backend::codec> make(encoding which)
{
    switch (which) {
    case encoding::records:
        return backend::make_binary_codec();
    case encoding::base64:
        return backend::make_ndjson_codec(backend::payload_form::base64);
    case encoding::text:
        break;
    }
    return backend::make_ndjson_codec(backend::payload_form::text);
}

void require_whole(backend::codec const& format, bytes record)
{
    if (record.size() > backend::incoming_record_limit)
        return;
    auto const size = format.split(record);
    require(size && *size == record.size());
    require(*format.split(record.first(record.size() - 1)) == 0);
}

// A message survives being written, marked and read again, in every encoding.
void require_round_trip(backend::command const& command)
{
    for (auto const which : {encoding::records, encoding::base64, encoding::text}) {
        auto const format = make(which);
        backend::buffer record;
        format->write(
            backend::data_record{
                .session = command.session,
                .device = command.device,
                .sequence = 1,
                .payload = command.payload,
            },
            record
        );
        require_whole(*format, record);
        backend::buffer again;
        format->write_again(record, again);
        require_whole(*format, again);
        backend::buffer still;
        format->write_again(again, still);
        require(still == again);
        if (again.size() > backend::incoming_record_limit)
            continue;
        auto const read = format->decode(again);
        // An ndjson record names a session even where it is none.
        if (command.session == session_id{} && which != encoding::records)
            continue;
        if (command.device.size() > 255)
            continue;
        require(read.what == verdict::command && read.value.session == command.session);
        auto const& got = read.value.payload;
        require(std::equal(got.begin(), got.end(), command.payload.begin(), command.payload.end()));
    }
}

// The answer to a record that is refused is a record itself.
void require_answer(backend::codec const& format, backend::decoded const& refused)
{
    backend::buffer record;
    format.write(
        backend::error_record{
            refused.why, refused.value.session, refused.value.device, refused.value.ref},
        record
    );
    require_whole(format, record);
}

void require_command(backend::command const& command)
{
    auto const by_session = command.session != session_id{};
    require(by_session == command.device.empty());
    require(command.kind == backend::command_kind::data || command.payload.empty());
    require(command.kind != backend::command_kind::ack || by_session);
    if (command.kind == backend::command_kind::data)
        require_round_trip(command);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    auto const which = static_cast<encoding>(data[0] % 3);
    auto const format = make(which);
    bytes rest{data + 1, size - 1};
    while (!rest.empty()) {
        auto const whole = format->split(rest);
        require(whole || whole.error() == error::backend_too_long);
        if (!whole || *whole == 0)
            break;
        require(*whole <= rest.size() && *whole <= backend::incoming_record_limit);
        require(*format->split(rest.first(*whole)) == *whole);
        // In memory of exactly this size, so that the sanitizer sees a read beside it.
        auto const memory = std::make_unique<std::uint8_t[]>(*whole);
        std::copy_n(rest.begin(), *whole, memory.get());
        auto const read = format->decode({memory.get(), *whole});
        switch (read.what) {
        case verdict::command:
            require_command(read.value);
            break;
        case verdict::refused:
            require_answer(*format, read);
            break;
        case verdict::ignored:
            break;
        case verdict::broken:
            require(!read.why.empty());
            return 0;
        }
        require((read.what == verdict::refused) <= !read.why.empty());
        if (which != encoding::records)
            require(is_utf8(as_bytes(read.value.device)));
        rest = rest.subspan(*whole);
    }
    return 0;
}
