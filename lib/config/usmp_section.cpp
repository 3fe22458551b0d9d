#include "config/fields.h"
#include "config/generations.h"
#include "config/sections.h"

namespace gatehouse::config {

namespace {

constexpr std::array<word, 3> generations{{{"2"}, {"1-bound"}, {"1"}}};

// The smallest leaves room for a handshake and a rekeying; above the largest the wire's counter
// wraps.
constexpr number_range frame_budgets{16, 0xffff'fffe};

}  // namespace

void read_usmp(yaml_node section, usmp_options& into, complaints& report)
{
    static constexpr std::array<choice<bool>, 2> ciphers{
        {{"aes-256-gcm", false}, {"chacha20-poly1305", true}}};
    static constexpr std::array<choice<cookie_policy>, 3> cookies{{
        {"auto", cookie_policy::automatic},
        {"always", cookie_policy::always},
        {"never", cookie_policy::never},
    }};
    yaml_map usmp{section, "\"usmp\"", report};
    if (auto const admitted = read_generations(usmp, generations)) {
        into.generation_2 = (*admitted)[0];
        into.generation_1_bound = (*admitted)[1];
        into.generation_1 = (*admitted)[2];
    }
    read_choice(usmp, "cipher", ciphers, into.chacha20_poly1305);
    read_choice(usmp, "cookies", cookies, into.cookies);
    read_number(usmp, "frame_budget", frame_budgets, into.frame_budget);
    usmp.finish();
}

}  // namespace gatehouse::config
