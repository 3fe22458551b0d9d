#include "crypto/blake2.h"

#include "base/assert.h"

#include <algorithm>
#include <cstring>

#include <blake2.h>

namespace gatehouse::crypto {

namespace {

constexpr std::uint8_t inner_pad = 0x36;
constexpr std::uint8_t outer_pad = 0x5c;

void begin_padded(blake2b_state& state, bytes key, std::uint8_t pad)
{
    std::array<std::uint8_t, BLAKE2B_BLOCKBYTES> block{};
    std::copy(key.begin(), key.end(), block.begin());
    for (auto& byte : block)
        byte ^= pad;
    GATEHOUSE_ASSERT(
        ::blake2b_init(&state, blake2b_longest) == 0 &&
        ::blake2b_update(&state, block.data(), block.size()) == 0
    );
    ::explicit_bzero(block.data(), block.size());
}

}  // namespace

void blake2b(mutable_bytes out, bytes key, std::initializer_list<bytes> parts)
{
    blake2b_state state;
    bool ok = key.empty() ? ::blake2b_init(&state, out.size()) == 0
                          : ::blake2b_init_key(&state, out.size(), key.data(), key.size()) == 0;
    for (auto const part : parts)
        ok = ok && ::blake2b_update(&state, part.data(), part.size()) == 0;
    ok = ok && ::blake2b_final(&state, out.data(), out.size()) == 0;
    ::explicit_bzero(&state, sizeof state);
    GATEHOUSE_ASSERT(ok);
}

void blake2s(mutable_bytes out, std::initializer_list<bytes> parts)
{
    blake2s_state state;
    bool ok = ::blake2s_init(&state, out.size()) == 0;
    for (auto const part : parts)
        ok = ok && ::blake2s_update(&state, part.data(), part.size()) == 0;
    ok = ok && ::blake2s_final(&state, out.data(), out.size()) == 0;
    GATEHOUSE_ASSERT(ok);
}

struct hmac_blake2b::states {
    blake2b_state inner;
    blake2b_state outer;
};

hmac_blake2b::hmac_blake2b() : states_{std::make_unique<states>()}
{
    begin({});
}

hmac_blake2b::~hmac_blake2b()
{
    wipe();
}

void hmac_blake2b::begin(bytes key)
{
    GATEHOUSE_ASSERT(key.size() <= longest_key);
    begin_padded(states_->inner, key, inner_pad);
    begin_padded(states_->outer, key, outer_pad);
}

void hmac_blake2b::append(bytes part)
{
    GATEHOUSE_ASSERT(::blake2b_update(&states_->inner, part.data(), part.size()) == 0);
}

std::array<std::uint8_t, blake2b_longest> hmac_blake2b::tag() const
{
    auto copies = *states_;
    std::array<std::uint8_t, blake2b_longest> made{};
    bool const ok = ::blake2b_final(&copies.inner, made.data(), made.size()) == 0 &&
                    ::blake2b_update(&copies.outer, made.data(), made.size()) == 0 &&
                    ::blake2b_final(&copies.outer, made.data(), made.size()) == 0;
    GATEHOUSE_ASSERT(ok);
    return made;
}

void hmac_blake2b::wipe() noexcept
{
    ::explicit_bzero(states_.get(), sizeof *states_);
}

}  // namespace gatehouse::crypto
