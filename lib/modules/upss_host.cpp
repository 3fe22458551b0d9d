#include "modules/upss_host.h"

#include "net/clock.h"

namespace gatehouse {

namespace {

upss::settings settings_of(config::listener const& listener)
{
    upss::settings made;
    static_cast<upss::options&>(made) = listener.options.as<upss::options>();
    made.idle_timeout = listener.idle_timeout;
    made.max_session_age = listener.max_session_age;
    return made;
}

// TLS begins so; what else is no JSON is not worth a word.
constexpr std::uint8_t tls_handshake = 0x16;

std::uint64_t draw_seed(crypto::random_source& random)
{
    std::array<std::uint8_t, sizeof(std::uint64_t)> drawn{};
    random.fill(drawn);
    std::uint64_t made = 0;
    for (auto const each : drawn)
        made = made << 8 | each;
    return made;
}

}  // namespace

upss_host::upss_host(
    config::listener const& listener, protocol_tools tools, process& common, std::size_t workers
)
    : pool_{common.pool}
    , thread_{tools.thread}
    , workers_{workers}
    , openings_{0, draw_seed(tools.random)}
    , environment_{
          .config = settings_of(listener),
          .crypto = tools.crypto,
          .packages = dynamic_cast<memory&>(*tools.shared).packages,
          .random = tools.random,
          .ids = tools.ids,
          .keys = *this,
          .own_mark = common.own_mark,
      }
    , streams_{environment_}
{
    use(listener);
}

void upss_host::configure(config::listener const& listener, credential_slot const&)
{
    environment_.config = settings_of(listener);
    use(listener);
}

void upss_host::use(config::listener const&)
{
    auto const& config = environment_.config;
    openings_.set_rate(config.openings_per_second / static_cast<double>(workers_));
    given_ = config.given.key ? pool_.current(config.given) : nullptr;
}

std::shared_ptr<upss::rsa_pair const> upss_host::current()
{
    return given_ ? given_ : pool_.current(environment_.config.keys);
}

result<> upss_host::open(
    std::shared_ptr<upss::rsa_pair const> with, bytes block, std::shared_ptr<upss::key_opening> into
)
{
    if (!openings_.take(read_clock(), into->from))
        return error::limit_agreements;
    return pool_.open(std::move(with), block, std::move(into), thread_);
}

std::string upss_host::advice(error why, bytes first) const
{
    if (why == error::malformed_magic && !first.empty() && first.front() == tls_handshake)
        return "it looks like TLS; this listener speaks UPSS in clear";
    return {};
}

std::string upss_host::advice(error why, session_facts const&) const
{
    switch (why) {
    case error::unproven_route:
        return "\"routes\" of the listener does not list it";
    case error::unproven_replayed:
        return "somebody repeats a recorded session";
    default:
        return {};
    }
}

}  // namespace gatehouse
