// CPU time of the worker for one echoed message of 128 bytes, beside a bare relay that makes the
// same system calls. Rounds alternate, so that what the machine does meanwhile meets both.
#include "backend/codec.h"
#include "bench/support/backend.h"
#include "bench/support/bare_relay.h"
#include "bench/support/devices.h"
#include "bench/support/gateway.h"

#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace gatehouse::bench {
namespace {

constexpr std::size_t message_size = 128;
constexpr std::size_t frame_size = message_size + 12 + 12 + 16;  // header, nonce, tag
constexpr std::size_t round_count = 21;
constexpr std::size_t messages_a_round = 2'000;

std::string const session_text = "0000000000000001";

// The record that a message becomes, and how long its echo is.
relayed_bytes bytes_of(config::record_format format)
{
    std::vector<std::uint8_t> const message(message_size, 'm');
    auto const codec =
        format == config::record_format::records
            ? gatehouse::backend::make_binary_codec()
            : gatehouse::backend::make_ndjson_codec(gatehouse::backend::payload_form::base64);
    relayed_bytes made{.frame_size = frame_size, .record = {}, .reply_size = 0};
    codec->write(
        gatehouse::backend::data_record{session_id{1}, "02:00:00:00:00:01", 1'000, message},
        made.record
    );
    made.reply_size = made.record.size();
    if (format == config::record_format::ndjson)
        made.reply_size -= std::string{R"("device":"02:00:00:00:00:01","seq":1000,)"}.size();
    return made;
}

// Plain connections whose frames are so many bytes.
class plain_lines {
public:
    plain_lines(std::uint16_t port, std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            lines_.push_back(connect_tcp(port));
    }

    void echo()
    {
        std::array<std::uint8_t, frame_size> frame{};
        for (auto const& line : lines_)
            send_all(line, frame);
        for (auto const& line : lines_)
            if (!receive_exactly(line, frame))
                give_up("the relay hung up");
    }

private:
    std::vector<descriptor> lines_;
};

template <class Echo>
void measure(thread_clock const& clock, std::size_t lines, rounds& into, Echo echo)
{
    auto const turns = messages_a_round / lines;
    auto const before = clock.read();
    for (std::size_t i = 0; i < turns; ++i)
        echo();
    into.add(clock.read() - before, turns * lines);
}

void compare(char const* name, config::record_format format, std::size_t lines)
{
    backend const echo{format, answering::echoes};
    backend const echo_same{format, answering::echoes};
    backend const echo_fewest{format, answering::echoes};
    gateway const gate{{.backend_socket = echo.path(), .format = format}};
    bare_relay const same{echo_same.path(), bytes_of(format), call_style::as_the_gateway};
    bare_relay const fewest{echo_fewest.path(), bytes_of(format), call_style::fewest};
    devices fleet{gate.port()};
    fleet.enter(lines);
    gate.wait_for_sessions(lines);
    plain_lines same_lines{same.port(), lines};
    plain_lines fewest_lines{fewest.port(), lines};
    std::vector<std::uint8_t> const message(message_size, 'm');

    rounds ours;
    rounds same_calls;
    rounds fewest_calls;
    for (std::size_t round = 0; round <= round_count; ++round) {
        rounds warm_up;
        bool const counts = round > 0;
        measure(gate.clock(), lines, counts ? ours : warm_up, [&] { fleet.echo(message); });
        measure(same.clock(), lines, counts ? same_calls : warm_up, [&] { same_lines.echo(); });
        measure(fewest.clock(), lines, counts ? fewest_calls : warm_up, [&] {
            fewest_lines.echo();
        });
    }
    std::printf(
        "%-8s %9zu %8.2f %8.2f %8.2f %8.2f %8.2f\n",
        name,
        lines,
        ours.median_ns() / 1'000,
        same_calls.median_ns() / 1'000,
        ours.median_ns() / same_calls.median_ns(),
        fewest_calls.median_ns() / 1'000,
        ours.median_ns() / fewest_calls.median_ns()
    );
}

}  // namespace
}  // namespace gatehouse::bench

int main()
{
    using namespace gatehouse;
    bench::stay_on_one_core();
    std::printf(
        "CPU microseconds of one thread for one echoed message of 128 bytes; medians of %zu "
        "rounds\n"
        "%-8s %9s %8s %8s %8s %8s %8s\n",
        bench::round_count,
        "format",
        "in flight",
        "gateway",
        "relay",
        "ratio",
        "fewest",
        "ratio"
    );
    for (std::size_t const lines : {1u, 16u, 64u}) {
        bench::compare("ndjson", config::record_format::ndjson, lines);
        bench::compare("records", config::record_format::records, lines);
    }
    std::printf(
        "relay: the same system calls and nothing else; fewest: only those it cannot do without\n"
    );
}
