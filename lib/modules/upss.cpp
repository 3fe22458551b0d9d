#include "modules/upss.h"

#include "backend/codec.h"
#include "config/fields.h"
#include "config/secret_text.h"
#include "modules/upss_host.h"
#include "net/shared_snapshot.h"
#include "protocol/upss/limits.h"
#include "protocol/upss/options.h"

#include <algorithm>
#include <array>
#include <variant>

namespace gatehouse {

namespace {

class upss_module final : public protocol_module {
public:
    upss_module()
        : protocol_module{
              {.name = "upss",
               .only_over = config::transport::tcp,
               .danger = "whoever is on the path to it can read, forge and redirect messages, and "
                         "anybody who reaches it can call any of its routes"}}
    {
        crypto::system_random{}.fill(common_->own_mark.expose_mutable());
    }

    config::protocol_options usual_options() const override
    {
        return config::protocol_options::of(upss::options{});
    }
    // Its devices have no names: all are the same.
    void set_defaults(config::listener& into) const override
    {
        into.limits.sessions_per_device = 0;
        into.handshake_timeout = std::chrono::seconds{5};
    }
    config::protocol_options read(config::yaml_node section, config::complaints& report)
        const override;

    std::unique_ptr<protocol_host> make_host(
        config::listener const& listener,
        credential_slot const&,
        protocol_tools tools,
        std::size_t workers
    ) const override
    {
        return std::make_unique<upss_host>(listener, tools, *common_, workers);
    }
    std::unique_ptr<worker_state> make_worker_state(worker_tools) const override
    {
        return std::make_unique<upss_host::memory>();
    }

    void start() const override { common_->pool.start(); }
    void stop() const override { common_->pool.stop(); }

    std::size_t largest_message(config::listener const& listener) const override
    {
        return listener.options.as<upss::options>().max_reply;
    }

    // Pairs are there before the first device is told one.
    key_uses open_key_uses(reading const& from, wall_time, findings into) const override;

private:
    std::unique_ptr<upss_host::process> const common_ = std::make_unique<upss_host::process>();
};

protocol_module::key_uses upss_module::open_key_uses(reading const& from, wall_time, findings into)
    const
{
    for (auto const& listener : from.settings.listeners) {
        if (listener.protocol != this)
            continue;
        auto const& options = listener.options.as<upss::options>();
        if (!options.given.key && !common_->pool.prepare(options.keys))
            into.problems.push_back(config::problem{
                from.file,
                1,
                1,
                "no RSA key could be made for listener " + config::in_quotes(listener.name)});
    }
    return {};
}

bool is_route(std::string_view text)
{
    return text.starts_with('/') && text.size() <= upss::limits::route_size;
}

void read_routes(config::yaml_map& map, std::vector<std::string>& into)
{
    auto const list = map.find("routes");
    if (!list)
        return;
    if (list->kind() != config::yaml_kind::list || list->begin() == list->end()) {
        map.report().at(list->where(), "\"routes\" must be a list of one or more routes");
        return;
    }
    into.clear();
    for (auto const route : *list) {
        std::string const text{route.text()};
        bool const is_text =
            route.kind() == config::yaml_kind::plain || route.kind() == config::yaml_kind::quoted;
        if (!is_text || !is_route(text))
            map.report().at(
                route.where(),
                "a route begins with \"/\" and has at most " +
                    std::to_string(upss::limits::route_size) + " bytes"
            );
        else if (std::find(into.begin(), into.end(), text) != into.end())
            map.report().at(route.where(), "route " + config::in_quotes(text) + " is listed twice");
        else
            into.push_back(text);
    }
}

// From a file only: the configuration itself is no secret.
void read_private_key(config::yaml_map& map, upss::given_key& into)
{
    static constexpr std::string_view what =
        "\"private_key\" must be a file with an RSA key of 2048 to 4096 bits in PEM, without a "
        "password";
    auto const node = map.find("private_key");
    if (!node)
        return;
    auto const text = node->text();
    if (!text.starts_with("file:") && !text.starts_with("credential:")) {
        map.report().at(node->where(), std::string{what});
        return;
    }
    config::secret_files_on_disk files{map.report().file()};
    auto found = config::parse_secret(text, files, any_pem);
    if (auto const* const why = std::get_if<std::string>(&found)) {
        map.report().at(node->where(), *why);
        return;
    }
    auto key = crypto::rsa_private_key::read(std::get<secret_bytes>(found).expose());
    if (!key) {
        map.report().at(node->where(), std::string{what});
        return;
    }
    into.public_pem = key->public_pem();
    into.key = std::make_shared<crypto::rsa_private_key const>(std::move(*key));
}

void read_key_choice(config::yaml_map& map, upss::key_choice& into)
{
    static constexpr std::array<config::choice<unsigned>, 3> sizes{
        {{"2048", 2048}, {"3072", 3072}, {"4096", 4096}}};
    static constexpr std::chrono::minutes shortest{1};
    config::read_choice(map, "key_bits", sizes, into.bits);
    auto const rotate = map.find("rotate");
    if (rotate && rotate->text() == "never")
        into.rotate = {};
    else if (config::read_duration(map, "rotate", into.rotate) && into.rotate < shortest)
        map.report().at(rotate->where(), "\"rotate\" must be at least 1m, or never");
}

config::protocol_options upss_module::read(config::yaml_node section, config::complaints& report)
    const
{
    static constexpr config::number_range body_sizes{256, upss::limits::largest_body};
    static constexpr config::number_range reply_sizes{1, backend::carried_message_limit};
    static constexpr config::number_range rates{1, 100'000};
    static constexpr std::array<config::choice<upss::base64_reading>, 2> readings{
        {{"strict", upss::base64_reading::strict}, {"lenient", upss::base64_reading::lenient}}};
    upss::options made;
    config::yaml_map map{section, "\"upss\"", report};
    read_routes(map, made.routes);
    config::read_choice(map, "base64", readings, made.base64);
    config::read_flag(map, "forward_plain", made.forward_plain);
    config::read_flag(map, "refuse_repeats", made.refuse_repeats);
    config::read_size(map, "body_limit", body_sizes, made.body_limit);
    config::read_size(map, "max_reply", reply_sizes, made.max_reply);
    config::read_duration(map, "reply_timeout", made.reply_timeout);
    config::read_duration(map, "turn_timeout", made.turn_timeout);
    config::read_duration(map, "clock_tolerance", made.clock_tolerance);
    config::read_number(map, "openings_per_second", rates, made.openings_per_second);
    read_private_key(map, made.given);
    read_key_choice(map, made.keys);
    map.finish();
    return config::protocol_options::of(made);
}

}  // namespace

std::unique_ptr<protocol_module> make_upss_module()
{
    return std::make_unique<upss_module>();
}

}  // namespace gatehouse
