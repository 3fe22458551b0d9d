#include "show.h"

#include "document.h"
#include "output.h"
#include "visible_text.h"
#include "watch.h"

namespace gatehouse::ctl {

namespace {

std::string text_of(std::string_view body, report as, page const& on)
{
    return as(parse_document(body), on);
}

void show_once(call const& what, question const& asked, report as)
{
    auto const body = ask(what.door, asked);
    if (what.form == output_form::json) {
        static_cast<void>(parse_document(body));
        print_document(body);
        return;
    }
    print(text_of(body, as, page_now()));
}

}  // namespace

void print_document(std::string_view document)
{
    auto const end = document.find_last_not_of(" \t\r\n");
    print(visible_document(document.substr(0, end + 1)) + '\n');
}

int show(call const& what, question const& asked, report as)
{
    if (!what.words.has("--watch")) {
        show_once(what, asked, as);
        return 0;
    }
    return watch(what, [&](rates& counted) {
        auto const body = ask(what.door, asked);
        auto const document = parse_document(body);
        if (what.form == output_form::json)
            return one_line(body);
        auto on = page_now();
        on.counted = &counted;
        return as(document, on);
    });
}

int show_done(call const& what, question const& asked, report as)
{
    show_once(what, asked, as);
    return 0;
}

}  // namespace gatehouse::ctl
