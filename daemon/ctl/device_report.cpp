#include "device_report.h"

#include "document.h"

namespace gatehouse::ctl {

namespace {

namespace json = boost::json;

std::string keys_cell(json::object const& device)
{
    std::string text;
    for (auto const& each : array_in(device, "keys")) {
        auto const& key = as_object(each);
        text += (text.empty() ? "" : ", ") + cell(key, "id") + ' ' + cell(key, "state");
    }
    return text.empty() ? "-" : text;
}

std::string state_cell(json::object const& device)
{
    auto const* const enabled = device.if_contains("enabled");
    if (!enabled || !enabled->is_bool())
        return "-";
    return enabled->get_bool() ? "enabled" : "disabled";
}

std::string line(std::string_view title, std::string const& value)
{
    static constexpr std::size_t value_column = 13;
    std::string text{title};
    text.resize(value_column, ' ');
    return text + value + '\n';
}

std::string keys_table(json::object const& device, page const& on)
{
    table lines{
        {{"KEY", alignment::left, may_be_cut}, {"STATE"}, {"NOT BEFORE"}, {"NOT AFTER"}}, on.width};
    for (auto const& each : array_in(device, "keys")) {
        auto const& key = as_object(each);
        lines.add(
            {cell(key, "id"), cell(key, "state"), cell(key, "not_before"), cell(key, "not_after")}
        );
    }
    return lines.waiting() == 0 ? std::string{} : '\n' + lines.finish();
}

}  // namespace

std::vector<column> device_columns()
{
    return {
        {"DEVICE", alignment::left, {17, 0}},
        {"NAME", alignment::left, {8, 1}},
        {"CREDENTIALS", alignment::left, {8, 3}},
        {"SOURCE", alignment::left, {fitting::whole, 4}},
        {"STATE"},
        {"SESSIONS", alignment::right},
        {"LAST SEEN", alignment::right},
        {"KEYS", alignment::left, {8, 2}},
    };
}

std::vector<std::string> device_cells(json::object const& device, page const& on)
{
    return {
        cell(device, "device"),
        cell(device, "name"),
        cell(device, "credentials"),
        cell(device, "source"),
        state_cell(device),
        std::to_string(array_in(device, "sessions").size()),
        age_cell(device, "last_seen", on),
        keys_cell(device),
    };
}

std::string device_report(json::object const& device, page const& on)
{
    auto text = line("device", cell(device, "device")) + line("name", cell(device, "name")) +
                line("credentials", cell(device, "credentials")) +
                line("source", cell(device, "source")) + line("state", state_cell(device)) +
                line("last seen", cell(device, "last_seen")) +
                line("last key", cell(device, "last_key"));
    for (auto const& each : array_in(device, "sessions"))
        text += line("session", cell(each));
    return text + keys_table(device, on);
}

}  // namespace gatehouse::ctl
