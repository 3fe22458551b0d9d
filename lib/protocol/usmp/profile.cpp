#include "protocol/usmp/profile.h"

#include <array>

namespace gatehouse::usmp {

constinit profile const r0_2{
    .release = "0.2",
    .setting = generation_setting::v1,
    .version = 1,
    .session_id_size = 4,
    .nonce = nonce_rule::implicit,
    .transcript_prefix = false,
    .transcript_keys = false,
    .directional_keys = false,
    .label = "usmp-v1",
    .max_frames = 1,
    .max_plaintext = 464,
    .can_rekey = false,
};

constinit profile const r0_3{
    .release = "0.3",
    .setting = generation_setting::v1,
    .version = 1,
    .session_id_size = 16,
    .nonce = nonce_rule::carried,
    .transcript_prefix = false,
    .transcript_keys = false,
    .directional_keys = false,
    .label = "usmp-v1",
    .max_frames = 1,
    .max_plaintext = 452,
    .can_rekey = false,
};

constinit profile const r0_4_7{
    .release = "0.4.7",
    .setting = generation_setting::v1_bound,
    .version = 1,
    .session_id_size = 16,
    .nonce = nonce_rule::carried_exact,
    .transcript_prefix = false,
    .transcript_keys = true,
    .directional_keys = false,
    .label = "usmp-v1",
    .max_frames = 4,
    .max_plaintext = 452,
    .can_rekey = false,
};

constinit profile const r0_5{
    .release = "0.5",
    .setting = generation_setting::v2,
    .version = 2,
    .session_id_size = 16,
    .nonce = nonce_rule::carried_exact,
    .transcript_prefix = false,
    .transcript_keys = true,
    .directional_keys = true,
    .label = "usmp-v2",
    .max_frames = 4,
    .max_plaintext = 452,
    .can_rekey = false,
};

namespace {

constexpr profile prefixed(std::string_view release)
{
    return {
        .release = release,
        .setting = generation_setting::v2,
        .version = 2,
        .session_id_size = 16,
        .nonce = nonce_rule::carried_exact,
        .transcript_prefix = true,
        .transcript_keys = true,
        .directional_keys = true,
        .label = "usmp-v2",
        .max_frames = 4,
        .max_plaintext = 452,
        .can_rekey = true,
    };
}

constexpr std::array<std::string_view, 3> labels_of_0_2{"usmp-v1", "dxp-v1", "usmp-v"};
constexpr std::array<profile const*, 2> version_1{&r0_4_7, &r0_2};
constexpr std::array<profile const*, 2> version_2{&r1_2, &r0_5};

}  // namespace

// 1.0 and 1.2 differ only in the sequence numbers of the handshake and in who was seen to rekey.
constinit profile const r1_0 = prefixed("1.0");
constinit profile const r1_2 = prefixed("1.2");

generation_setting setting_of(std::string_view release) noexcept
{
    for (auto const* known : {&r0_2, &r0_3, &r0_4_7})
        if (known->release == release)
            return known->setting;
    return generation_setting::v2;
}

std::span<std::string_view const> labels_0_2() noexcept
{
    return labels_of_0_2;
}

std::span<profile const* const> candidates(std::uint8_t version) noexcept
{
    if (version == 1)
        return version_1;
    if (version == 2)
        return version_2;
    return {};
}

}  // namespace gatehouse::usmp
