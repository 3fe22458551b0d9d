// Who proved a key within the last hour: sources and devices, which come first when what strangers
// may take is scarce (gateway/source_shares.h).
//
// A compact filter: 48 bits stand for each, so that a stranger is taken for somebody known once in
// 2^45; when it is full, who proved himself longest ago is forgotten. Lives through restarts in a
// file; losing it is harmless. All but `load` from any thread, without a lock.
#pragma once

#include "base/address.h"
#include "base/bytes.h"
#include "base/time.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace gatehouse {

class recent_proofs {
public:
    static constexpr std::chrono::minutes memory{60};
    static constexpr std::size_t most = std::size_t{1} << 17;

    // `key` is drawn at random.
    explicit recent_proofs(std::uint64_t key);

    // A source or a device, at one listener. As good as the key is secret.
    using subject = std::uint64_t;
    subject source_at(std::string_view listener, peer_address const& from) const noexcept;
    subject device_at(std::string_view listener, std::string_view device) const noexcept;

    void remember(subject who, wall_time now) noexcept;
    bool knows(subject who, wall_time now) const noexcept;

    // All that `knows` says yes to.
    std::vector<std::uint8_t> save(wall_time now) const;
    static constexpr std::size_t largest_save = 32 + 8 * most;

    // Instead of what is known. False when these are not the bytes of a `save`. Before anybody else
    // has a subject.
    bool load(bytes saved);

private:
    static constexpr std::size_t ways = 8;
    static constexpr std::size_t sets = most / ways;

    // Its 48 bits, and the minute, both from a subject or entry.
    static std::uint64_t name_in(std::uint64_t value) noexcept { return value >> 16; }
    static bool is_recent(std::uint64_t entry, wall_time now) noexcept;
    std::atomic<std::uint64_t>* set_of(subject who) const noexcept;
    void put(std::uint64_t name, std::uint64_t minute) noexcept;

    std::uint64_t key_;
    std::unique_ptr<std::atomic<std::uint64_t>[]> entries_;  // 0: none
};

}  // namespace gatehouse
