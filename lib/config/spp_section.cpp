#include "config/fields.h"
#include "config/generations.h"
#include "config/sections.h"

#include <algorithm>
#include <utility>

namespace gatehouse::config {

namespace {

constexpr std::array<word, 3> generations{{{"0.2"}, {"0.1"}, {"rs-d"}}};

// (docs/reference/configuration.md, "spp")
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> refused{{
    {"rs-a", "it uses each nonce twice, so that its records can be read and forged"},
    {"rs-b", "it frames its records in another way, and nobody released it"},
    {"rs-c", "it sends no nonces, so that nobody can open its records"},
    {"rs-e", "it needs BLAKE3, which OpenSSL 3.0 does not have"},
}};

constexpr number_range trial_key_counts{1, 4096};
// What a record of the backend can carry, also when all of it is escaped (backend/codec.h).
constexpr number_range message_sizes{64, std::uint64_t{64} << 10};

// True when a generation is listed that is known and can never be admitted.
bool refuse_impossible(yaml_map& spp)
{
    auto const node = spp.find("generations");
    if (!node || node->kind() != yaml_kind::list)
        return false;
    bool any = false;
    for (auto const generation : *node) {
        auto const* const why = std::find_if(refused.begin(), refused.end(), [&](auto const& one) {
            return one.first == generation.text();
        });
        if (why == refused.end())
            continue;
        any = true;
        spp.report().at(
            generation.where(),
            "generation " + in_quotes(why->first) +
                " cannot be admitted: " + std::string{why->second}
        );
    }
    return any;
}

}  // namespace

void read_spp(yaml_node section, spp_options& into, complaints& report)
{
    yaml_map spp{section, "\"spp\"", report};
    if (!refuse_impossible(spp))
        if (auto const admitted = read_generations(spp, generations)) {
            into.generation_0_2 = (*admitted)[0];
            into.generation_0_1 = (*admitted)[1];
            into.generation_rs_d = (*admitted)[2];
        }
    read_number(spp, "trial_keys", trial_key_counts, into.trial_keys);
    read_duration(spp, "greet_after", into.greet_after);
    read_size(spp, "message_limit", message_sizes, into.message_limit);
    spp.finish();
}

}  // namespace gatehouse::config
