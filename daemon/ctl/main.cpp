// gatehousectl: administration of a running daemon.
#include "arguments.h"
#include "call.h"
#include "command_table.h"
#include "failure.h"
#include "output.h"
#include "process_start.h"
#include "request_body.h"
#include "show.h"
#include "usage_text.h"
#include "version.h"
#include "visible_text.h"

#include <cstddef>
#include <exception>
#include <span>
#include <string>

namespace gatehouse::ctl {

namespace {

// With --json the document, where it was not the daemon that failed.
void print_error(std::string_view code, std::string_view message)
{
    request_body inner;
    inner.add("code", code);
    inner.add("message", message);
    request_body outer;
    outer.add("error", inner);
    print_document(outer.text());
}

int tell_usage(usage_error const& wrong, std::string const& group, output_form form)
{
    complain(
        std::string{wrong.what()} + " (gatehousectl help" + (group.empty() ? "" : ' ' + group) +
        " says more)"
    );
    if (form == output_form::json)
        print_error("usage", wrong.what());
    return 2;
}

int tell_failure(failure const& why, output_form form)
{
    complain(visible(why.what()));
    for (auto const& each : why.problems)
        note(visible(each) + '\n');
    if (form == output_form::json)
        why.document.empty() ? print_error(why.code, why.what()) : print_document(why.document);
    return 1;
}

int show_version(output_form form)
{
    request_body made;
    made.add("gatehousectl", std::string_view{version});
    made.add("build", std::string_view{build_facts});
    if (form == output_form::json)
        print_document(made.text());
    else
        print("gatehousectl " + std::string{version} + '\n' + build_facts + '\n');
    return 0;
}

int run_parsed(arguments const& parsed, output_form form)
{
    switch (parsed.wanted) {
    case wish::help:
        print(help_for(parsed.group));
        return 0;
    case wish::version:
        return show_version(form);
    case wish::run:
        break;
    }
    return parsed.what->run(make_call(parsed));
}

// Also of a command line that is wrong: who asked for a document gets one.
output_form form_of(std::span<char const* const> words)
{
    for (std::string_view const word : words) {
        if (word == "--json")
            return output_form::json;
        if (word == "--")
            break;
    }
    return output_form::text;
}

int run(std::span<char const* const> words)
{
    auto const form = form_of(words);
    arguments parsed;
    try {
        parsed = parse_arguments(words);
        return run_parsed(parsed, form);
    } catch (usage_error const& wrong) {
        return tell_usage(wrong, parsed.group, form);
    } catch (failure const& why) {
        return tell_failure(why, form);
    } catch (std::exception const& wrong) {
        return tell_failure(failure{"failed", wrong.what()}, form);
    }
}

}  // namespace

}  // namespace gatehouse::ctl

int main(int argc, char** argv)
{
    using namespace gatehouse;
    if (!settle_process(process_kind::tool))
        return 1;
    std::span<char const* const> const words{argv, static_cast<std::size_t>(argc)};
    try {
        return gatehouse::ctl::run(words.subspan(words.empty() ? 0 : 1));
    } catch (std::exception const& wrong) {
        gatehouse::ctl::complain(wrong.what());
        return 1;
    }
}
