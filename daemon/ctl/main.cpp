// gatehousectl: administration of a running daemon.
#include "arguments.h"
#include "call.h"
#include "command_table.h"
#include "failure.h"
#include "output.h"
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

int tell_usage(usage_error const& wrong, std::string const& group)
{
    auto const* const what = find_command(group);
    complain(wrong.what());
    note(
        what ? "usage: " + usage_line(*what) + "; gatehousectl help " + group + " says more\n"
             : "usage: gatehousectl [--socket PATH] [--json] COMMAND; gatehousectl help\n"
    );
    return 2;
}

// With --json the document, also where it was not the daemon that failed.
int tell_failure(failure const& why, output_form form)
{
    complain(visible(why.what()));
    for (auto const& each : why.problems)
        note(visible(each) + '\n');
    if (form == output_form::text)
        return 1;
    if (!why.document.empty()) {
        print_document(why.document);
        return 1;
    }
    request_body inner;
    inner.add("code", std::string_view{why.code});
    inner.add("message", std::string_view{why.what()});
    request_body outer;
    outer.add("error", inner);
    print_document(outer.text());
    return 1;
}

int run_command(arguments const& words)
{
    auto const what = make_call(words);
    try {
        return words.what->run(what);
    } catch (failure const& why) {
        return tell_failure(why, what.form);
    }
}

int run(std::span<char const* const> words)
{
    arguments parsed;
    try {
        parsed = parse_arguments(words);
        if (parsed.wanted == wish::help)
            print(help_for(parsed.group));
        else if (parsed.wanted == wish::version)
            print("gatehousectl " + std::string{version} + '\n' + build_facts + '\n');
        else
            return run_command(parsed);
        return 0;
    } catch (usage_error const& wrong) {
        return tell_usage(wrong, parsed.group);
    }
}

}  // namespace

}  // namespace gatehouse::ctl

int main(int argc, char** argv)
{
    std::span<char const* const> const words{argv, static_cast<std::size_t>(argc)};
    try {
        return gatehouse::ctl::run(words.subspan(words.empty() ? 0 : 1));
    } catch (std::exception const& wrong) {
        gatehouse::ctl::complain(wrong.what());
        return 1;
    }
}
