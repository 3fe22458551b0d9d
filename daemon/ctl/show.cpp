#include "show.h"

#include "document.h"
#include "output.h"
#include "visible_text.h"
#include "watch.h"

namespace gatehouse::ctl {

namespace {

template <class Text>
int show_once(call const& what, question const& asked, Text const& text_of)
{
    auto const body = ask(what.door, asked);
    auto const document = parse_document(body);
    if (what.form == output_form::json)
        print_document(body);
    else
        print(text_of(document));
    return 0;
}

}  // namespace

void print_document(std::string_view document)
{
    auto const end = document.find_last_not_of(" \t\r\n");
    print(visible_document(document.substr(0, end + 1)) + '\n');
}

int show(call const& what, question const& asked, report as)
{
    if (!what.words.has("--watch"))
        return show_once(what, asked, [as](auto const& from) { return as(from, page_now()); });
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

int show_done(call const& what, question const& asked, outcome as)
{
    return show_once(what, asked, [&](auto const& from) { return as(from, what.words); });
}

}  // namespace gatehouse::ctl
