#include "config/fields.h"
#include "config/sections.h"

namespace gatehouse::config {

namespace {

// From an empty reply to the largest datagram that listeners send.
constexpr number_range reply_sizes{52, 2'048};

void read_duplicates(yaml_map& pssst, duplicate_options& into)
{
    static constexpr number_range counts{16, std::uint64_t{1} << 22};
    static constexpr number_range sizes{std::uint64_t{64} << 10, std::uint64_t{1} << 32};
    auto const section = pssst.find("duplicates");
    if (!section)
        return;
    yaml_map map{*section, "\"duplicates\"", pssst.report()};
    read_number(map, "entries", counts, into.entries);
    read_size(map, "bytes", sizes, into.bytes);
    read_duration(map, "window", into.window);
    map.finish();
}

void read_once(yaml_map& pssst, once_options& into)
{
    static constexpr number_range counts{1, std::uint64_t{1'000'000'000}};
    auto const section = pssst.find("once");
    if (!section)
        return;
    yaml_map map{*section, "\"once\"", pssst.report()};
    read_number(map, "requests", counts, into.requests);
    map.finish();
}

}  // namespace

void read_pssst(yaml_node section, pssst_options& into, complaints& report)
{
    yaml_map pssst{section, "\"pssst\"", report};
    read_duration(pssst, "reply_timeout", into.reply_timeout);
    read_number(pssst, "max_reply", reply_sizes, into.max_reply);
    read_duplicates(pssst, into.duplicates);
    read_once(pssst, into.once);
    pssst.finish();
}

}  // namespace gatehouse::config
