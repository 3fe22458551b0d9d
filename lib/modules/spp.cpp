#include "modules/spp.h"

#include "backend/codec.h"
#include "config/fields.h"
#include "config/generations.h"
#include "modules/keyed_credentials.h"
#include "modules/spp_host.h"
#include "net/shared_snapshot.h"
#include "protocol/spp/limits.h"
#include "protocol/spp/options.h"
#include "protocol/spp/source_hints.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

namespace {

// Where devices were last seen.
class kept_sources final : public lasting_state {
public:
    spp::source_hints& hints() noexcept { return hints_; }

    std::string_view file() const override { return "spp-sources"; }
    std::size_t largest() const override { return spp::source_hints::largest_save; }
    std::vector<std::uint8_t> save(wall_time) const override { return hints_.save(); }
    bool load(bytes saved) override { return hints_.load(saved); }

private:
    spp::source_hints hints_{spp::limits::hint_sets, spp::limits::hints_a_set};
};

class spp_module final : public protocol_module {
public:
    spp_module()
        : protocol_module{
              {.name = "spp", .only_over = config::transport::tcp, .keys = &ed25519_credentials()}}
    {
    }

    config::protocol_options usual_options() const override
    {
        return config::protocol_options::of(spp::options{});
    }
    void set_defaults(config::listener& into) const override
    {
        into.idle_timeout = spp::usual_idle_timeout;
    }
    config::protocol_options read(config::yaml_node section, config::complaints& report)
        const override;
    void check_credentials(
        config::listener const& with,
        identity::keyring const& ring,
        std::string const& file,
        config::problems& found
    ) const override;

    std::unique_ptr<protocol_host> make_host(
        config::listener const& listener,
        credential_slot const& keys,
        protocol_tools tools,
        std::size_t
    ) const override
    {
        return std::make_unique<spp_host>(listener, *keys.keyring, tools, sources_->hints());
    }

    std::vector<unsafe_generation> unsafe_generations(config::listener const& listener
    ) const override
    {
        if (!options_of(listener).admitted.contains(spp::generation::rs_d))
            return {};
        return {
            {"rs-d",
             "records without sequence numbers: whoever records them can repeat, reorder and "
             "withhold them"}};
    }
    std::size_t largest_message(config::listener const& listener) const override
    {
        return options_of(listener).message_limit;
    }
    std::vector<lasting_state*> lasting_states() const override { return {sources_.get()}; }

private:
    static spp::options const& options_of(config::listener const& listener)
    {
        return listener.options.as<spp::options>();
    }

    std::unique_ptr<kept_sources> const sources_ = std::make_unique<kept_sources>();
};

// (docs/reference/configuration.md, "spp")
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> refused{{
    {"rs-a", "it uses each nonce twice, so that its records can be read and forged"},
    {"rs-b", "it frames its records in another way, and nobody released it"},
    {"rs-c", "it sends no nonces, so that nobody can open its records"},
    {"rs-e", "it needs BLAKE3, which OpenSSL 3.0 does not have"},
}};

// True when a generation is listed that is known and can never be admitted.
bool refuse_impossible(config::yaml_map& spp)
{
    auto const node = spp.find("generations");
    if (!node || node->kind() != config::yaml_kind::list)
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
            "generation " + config::in_quotes(why->first) +
                " cannot be admitted: " + std::string{why->second}
        );
    }
    return any;
}

config::protocol_options spp_module::read(config::yaml_node section, config::complaints& report)
    const
{
    static constexpr std::array<config::word, 3> generations{{{"0.2"}, {"0.1"}, {"rs-d"}}};
    static constexpr config::number_range trial_key_counts{1, 4096};
    static constexpr config::number_range message_sizes{64, backend::carried_message_limit};
    spp::options made;
    config::yaml_map spp{section, "\"spp\"", report};
    if (!refuse_impossible(spp))
        if (auto const admitted = config::read_generations(spp, generations)) {
            made.admitted = {};
            for (std::size_t i = 0; i < generations.size(); ++i)
                if ((*admitted)[i])
                    made.admitted.add(spp::all_generations[i]);
        }
    config::read_number(spp, "trial_keys", trial_key_counts, made.trial_keys);
    config::read_duration(spp, "greet_after", made.greet_after);
    config::read_size(spp, "message_limit", message_sizes, made.message_limit);
    spp.finish();
    return config::protocol_options::of(made);
}

// The hello of SPP does not name its key, so that the gateway tries those of all devices that may
// come from its address: how many that can be is checked before the first one comes.
void spp_module::check_credentials(
    config::listener const& with,
    identity::keyring const& ring,
    std::string const& file,
    config::problems& found
) const
{
    auto const most = ring.peer_sources().most();
    auto const trial_keys = options_of(with).trial_keys;
    if (most <= trial_keys)
        return;
    found.push_back(
        {file,
         0,
         0,
         "a hello of protocol spp does not name its key: listener \"" + with.name +
             "\" would have to try the keys of up to " + std::to_string(most) +
             " devices for one, and its \"trial_keys\" is " + std::to_string(trial_keys) +
             "; give the devices ranges of addresses (\"from\"), raise \"trial_keys\", or make "
             "one listener with its own credentials for each group of devices"}
    );
}

}  // namespace

std::unique_ptr<protocol_module> make_spp_module()
{
    return std::make_unique<spp_module>();
}

}  // namespace gatehouse
