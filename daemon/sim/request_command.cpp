#include "request_command.h"

#include "failure.h"
#include "report_values.h"
#include "request_options.h"
#include "request_run.h"

#include <iostream>

namespace gatehouse::sim {

namespace {

std::string report_text(request_figures const& made)
{
    auto const amount = [&](std::uint64_t count) {
        return std::to_string(count) + "   " + number(per_second(count, made.lasted), 1) + "/s";
    };
    return row("requests", amount(made.requests)) + row("replies", amount(made.replies)) +
           row("packets repeated", std::to_string(made.repeated)) +
           row("unanswered", std::to_string(made.unanswered)) +
           row("round trip", times_text(made.times));
}

std::string report_json(request_figures const& made)
{
    return "{\"requests\":" + std::to_string(made.requests) +
           ",\"replies\":" + std::to_string(made.replies) +
           ",\"repeated\":" + std::to_string(made.repeated) +
           ",\"unanswered\":" + std::to_string(made.unanswered) +
           ",\"strangers\":" + std::to_string(made.strangers) +
           ",\"seconds\":" + number(seconds(made.lasted), 6) +
           ",\"replies_per_second\":" + number(per_second(made.replies, made.lasted), 3) +
           ",\"microseconds\":" + times_json(made.times) + '}';
}

}  // namespace

int run_request(std::span<char const* const> words)
{
    auto const options = read_request_options(arguments{words, request_option_table()});
    request_run device{options};
    if (auto const wrong = device.run()) {
        std::cerr << "gatehouse-sim: " << wrong.text() << '\n';
        return 1;
    }
    auto const& made = device.figures();
    if (options.output == request_output::report)
        std::cout << report_text(made) << std::flush;
    if (options.output == request_output::json)
        std::cout << report_json(made) << std::endl;
    if (made.unanswered == 0)
        return 0;
    std::cerr << "gatehouse-sim: no reply to " << made.unanswered << " of " << made.requests
              << (made.requests == 1 ? " request" : " requests") << ask_the_gateway << '\n';
    return 1;
}

std::string request_usage()
{
    return "gatehouse-sim request --connect HOST:PORT --gateway-key KEY [options]\n"
           "  One PSSST device sends requests over UDP; each packet is repeated, as it is, until "
           "it "
           "has its\n"
           "  reply. Replies go to standard output, one line each. Exit 1 when one had none.\n" +
           describe(request_option_table());
}

}  // namespace gatehouse::sim
