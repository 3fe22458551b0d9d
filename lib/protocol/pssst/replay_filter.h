// Under which DH values a key of the gateway has accepted requests: never forgotten, 4 bytes each
// (docs/protocols/pssst.md, "Repetition").
//
// A Bloom filter in memory that its caller provides, as a rule with a copy in a file. Bits are only
// ever set, and written before a claim is given, so whatever instruction a process ends at, what it
// had claimed stays claimed. Says of one in a million fresh values, at most, that they are known.
//
// Any thread: workers and listeners share the filter of a key.
#pragma once

#include "base/bytes.h"
#include "base/file_memory.h"
#include "base/result.h"
#include "crypto/hmac.h"
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "crypto/x25519.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace gatehouse::pssst {

class replay_filter {
public:
    // What memory for so many requests takes.
    static std::size_t size_for(std::uint64_t requests) noexcept;

    // Makes `memory`, zeros of that size, the filter of a key that has answered nothing yet.
    static void make(
        mutable_bytes memory,
        crypto::x25519_public const& key,
        std::uint64_t requests,
        crypto::random_source& random
    );

    // Why memory is no filter, or not the one of this key; empty: it is.
    static std::string_view why_unfit(bytes memory);
    static std::string_view why_unfit(bytes memory, crypto::x25519_public const& key);

    // Does memory that is fit have fewer bits than were set in it? As when somebody cut its file,
    // or punched a hole into it, or the machine stopped before all was on the disk.
    static bool has_forgotten(bytes memory);

    // `memory` is fit, and outlives the filter. What it has forgotten is so from now on.
    explicit replay_filter(file_memory& memory);
    replay_filter(replay_filter const&) = delete;
    replay_filter& operator=(replay_filter const&) = delete;
    ~replay_filter() = default;

    // Where a value has its bits, and where its sender is counted: found with the filter's secret,
    // so that nobody can choose values that meet.
    static constexpr std::size_t bits_a_value = 14;
    static constexpr std::size_t counts_a_sender = 4;
    struct value_marks {
        std::uint32_t block = 0;
        std::array<std::uint16_t, bits_a_value> bits{};
    };
    using sender_marks = std::array<std::uint16_t, counts_a_sender>;
    value_marks marks_of(crypto::hmac_sha256& hmac, crypto::x25519_public const& dh) const;
    sender_marks marks_of_sender(crypto::hmac_sha256& hmac, std::string_view sender) const;

    bool knows(value_marks const& of) const noexcept;

    // May a request be accepted? Errors: unproven_replayed, limit_gateway_key (as many were as
    // there is room for), limit_gateway_key_share (this sender had more than its share).
    result<> check(value_marks const& value, sender_marks const& sender) const noexcept;

    // Before anything comes of an accepted request. Errors: unproven_replayed, it was claimed
    // before; resource_state_file, it could not be written and would be forgotten with the process:
    // then it is claimed all the same. Of several at once for one value, at most one gets it.
    result<> claim(value_marks const& value, sender_marks const& sender) noexcept;

    std::uint64_t requests() const noexcept { return requests_; }  // most
    std::uint64_t claimed() const noexcept;

    // True once in a process when the filter is nearly full, and once more when it is full.
    enum class fill : std::uint8_t { some, nearly_full, full };
    fill take_notice() noexcept;

    // When the key was found to be in no configuration, in seconds since 1970; 0: it is in one.
    std::uint64_t left_at() const noexcept;
    void set_left_at(std::uint64_t when) noexcept;

    // The boot of the machine in which the memory was last in use, unless it was put away since: if
    // that is over, what was set last may not have reached the disk.
    using boot_id = std::array<std::uint8_t, 16>;
    static boot_id in_use_since(bytes memory) noexcept;
    void set_in_use_since(boot_id const& boot) noexcept;

    // Its file, if it has gone, made anew from what is known here.
    bool put_back(std::string const& path, std::string& why);

private:
    std::uint64_t free() const noexcept;
    std::uint64_t claimed_by(sender_marks const& sender) const noexcept;
    bool write_claim(value_marks const& value, sender_marks const& sender, unsigned set) noexcept;

    file_memory& file_;
    mutable_bytes memory_;
    std::mutex writing_;  // what changes, and its copy
    std::uint64_t requests_;
    std::uint64_t blocks_;
    std::atomic<fill> noticed_{fill::some};
};

}  // namespace gatehouse::pssst
