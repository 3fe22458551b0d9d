#include "modules/usmp.h"

#include "config/fields.h"
#include "config/generations.h"
#include "modules/psk_credentials.h"
#include "modules/usmp_host.h"
#include "net/limits.h"
#include "net/shared_snapshot.h"
#include "protocol/usmp/frame.h"
#include "protocol/usmp/legacy_hints.h"
#include "protocol/usmp/limits.h"
#include "protocol/usmp/options.h"

namespace gatehouse {

namespace {

using config::transport;

class usmp_module final : public protocol_module {
public:
    usmp_module() : protocol_module{{.name = "usmp", .keys = &psk_credentials()}} {}

    config::protocol_options usual_options() const override
    {
        return config::protocol_options::of(usmp::options{});
    }
    config::protocol_options read(config::yaml_node section, config::complaints& report)
        const override;
    void warn(config::yaml_map& written, config::listener const& made, config::complaints& warnings)
        const override;

    // A session cannot change its cipher.
    bool carries_on(config::listener const& before, config::listener const& after) const override
    {
        return options_of(before).cipher == options_of(after).cipher;
    }

    std::unique_ptr<protocol_host> make_host(
        config::listener const& listener,
        credential_slot const& keys,
        protocol_tools tools,
        std::size_t workers
    ) const override
    {
        usmp_host::environment const around{*hints_, tools, workers};
        return std::make_unique<usmp_host>(listener, *keys.keyring, around);
    }

    steering_rule steering() const override;
    std::vector<unsafe_generation> unsafe_generations(config::listener const& listener
    ) const override;
    std::size_t largest_message(config::listener const&) const override
    {
        return net_limits::largest_datagram;
    }

private:
    static usmp::options const& options_of(config::listener const& listener)
    {
        return listener.options.as<usmp::options>();
    }

    std::unique_ptr<usmp::legacy_hints> const hints_ =
        std::make_unique<usmp::legacy_hints>(usmp::limits::legacy_hints);
};

config::protocol_options usmp_module::read(config::yaml_node section, config::complaints& report)
    const
{
    using config::choice;
    using crypto::aead_algorithm;
    using usmp::cookie_policy;
    static constexpr std::array<config::word, 3> generations{{{"2"}, {"1-bound"}, {"1"}}};
    static constexpr std::array<choice<aead_algorithm>, 2> ciphers{{
        {"aes-256-gcm", aead_algorithm::aes_256_gcm},
        {"chacha20-poly1305", aead_algorithm::chacha20_poly1305},
    }};
    static constexpr std::array<choice<cookie_policy>, 3> cookies{{
        {"auto", cookie_policy::automatic},
        {"always", cookie_policy::always},
        {"never", cookie_policy::never},
    }};
    // The smallest leaves room for a handshake and a rekeying; above the largest the wire's counter
    // wraps.
    static constexpr config::number_range frame_budgets{16, 0xffff'fffe};
    usmp::options made;
    config::yaml_map usmp{section, "\"usmp\"", report};
    if (auto const admitted = config::read_generations(usmp, generations)) {
        made.admit_v2 = (*admitted)[0];
        made.admit_v1_bound = (*admitted)[1];
        made.admit_v1 = (*admitted)[2];
    }
    config::read_choice(usmp, "cipher", ciphers, made.cipher);
    config::read_choice(usmp, "cookies", cookies, made.cookies);
    config::read_number(usmp, "frame_budget", frame_budgets, made.frame_budget);
    usmp.finish();
    return config::protocol_options::of(made);
}

// A device over UDP may be silent for as long as it tries to send one frame.
void usmp_module::warn(
    config::yaml_map& written, config::listener const& made, config::complaints& warnings
) const
{
    static constexpr std::chrono::milliseconds five_tries{12'500};  // 0.5 + 1 + 2 + 4 + 5 s
    auto const timeout = written.find("idle_timeout");
    if (made.transport == transport::udp && timeout && made.idle_timeout < five_tries)
        warnings.warn(
            timeout->where(),
            "idle timeout is short",
            {},
            "over UDP a device may take 12.5 s to send one frame on a bad path (five tries), and "
            "an \"idle_timeout\" of " +
                std::to_string(made.idle_timeout.count()) +
                "ms ends its session before that; write 15s or more"
        );
}

steering_rule usmp_module::steering() const
{
    return named_frame_rule{
        .magic = usmp::frame_magic[0] << 8 | usmp::frame_magic[1],
        .type_offset = usmp::frame_type_offset,
        .first_type = static_cast<std::uint32_t>(usmp::frame_type::data),
        .worker_offset = usmp::wire_id_offset,
    };
}

std::vector<unsafe_generation> usmp_module::unsafe_generations(config::listener const& listener
) const
{
    auto const& options = options_of(listener);
    std::vector<unsafe_generation> named;
    if (options.admit_v1_bound)
        named.push_back(
            {"1-bound", "release 0.4.7: one key for both directions leaks plaintext to listeners"}
        );
    if (options.admit_v1 && listener.transport == transport::tcp)
        named.push_back(
            {"1", "releases 0.2.x and 0.3.x: a man in the middle can read and change everything"}
        );
    return named;
}

}  // namespace

std::unique_ptr<protocol_module> make_usmp_module()
{
    return std::make_unique<usmp_module>();
}

}  // namespace gatehouse
