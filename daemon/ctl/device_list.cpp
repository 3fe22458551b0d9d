#include "device_list.h"

#include "device_report.h"
#include "document.h"
#include "failure.h"
#include "output.h"
#include "show.h"
#include "target.h"
#include "visible_text.h"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace gatehouse::ctl {

namespace {

namespace json = boost::json;

constexpr std::uint64_t page_size = 1000;

// Pages of the daemon as one document: `{"devices":[` ... `]}`.
class joined_pages {
public:
    void add(json::object const& from, std::string_view text)
    {
        if (!is_open_ && text_in(from, "next").empty()) {
            print_document(text);
            return;
        }
        std::string made{is_open_ ? "" : "{\"devices\":["};
        is_open_ = true;
        for (auto const& each : array_in(from, "devices")) {
            made += has_device_ ? "," : "";
            made += json::serialize(each);
            has_device_ = true;
        }
        print(visible_document(made));
    }

    void end() const
    {
        if (is_open_)
            print("]}\n");
    }

private:
    bool is_open_ = false;
    bool has_device_ = false;
};

std::string page_target(call const& what, std::uint64_t size, std::string const& after)
{
    auto const size_text = std::to_string(size);
    target path{"/v1/devices"};
    path.parameter("credentials", what.words.text("--credentials"))
        .parameter("limit", std::string_view{size_text});
    if (!after.empty())
        path.parameter("after", std::string_view{after});
    return path.text();
}

}  // namespace

void each_device_page(call const& what, device_page const& take)
{
    auto left = what.words.number("--limit").value_or(UINT64_MAX);
    std::string after;
    while (left > 0) {
        auto const asked = page_target(what, std::min(left, page_size), after);
        auto const body = ask(what.door, {.target = asked});
        auto const page = parse_document(body);
        auto const count = array_in(page, "devices").size();
        take(page, body);
        std::string next{text_in(page, "next")};
        left -= std::min<std::uint64_t>(left, count);
        if (next.empty() || count == 0)
            return;
        if (next == after)
            throw failure{"bad_answer", "the daemon's list of devices does not go on"};
        after = std::move(next);
    }
}

int list_devices(call const& what)
{
    if (what.form == output_form::json) {
        joined_pages document;
        each_device_page(what, [&](json::object const& from, std::string_view text) {
            document.add(from, text);
        });
        document.end();
        return 0;
    }
    auto const on = page_now();
    table lines{device_columns(), on.width};
    each_device_page(what, [&](json::object const& from, std::string_view /*text*/) {
        for (auto const& each : array_in(from, "devices"))
            lines.add(device_cells(as_object(each), on));
        print(lines.take());
    });
    print(lines.finish());
    return 0;
}

}  // namespace gatehouse::ctl
