// Requests that were accepted, and what they were answered: the same packet again is answered with
// the same bytes, another packet under the same key is refused (docs/protocols/pssst.md,
// "Repetition").
//
// Two replies under one key and nonce would give the key of the authentication away: this is part
// of the protocol. One a worker, whichever of its listeners a packet comes to, on that worker's
// thread; holds no plaintext, no key.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "identity/device_id.h"
#include "protocol/pssst/packet.h"
#include "protocol/pssst/reply_log.h"
#include "protocol/pssst/sender_table.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace gatehouse::pssst {

// The key of the gateway that opened a request: the first bytes of its public half.
using gateway_key_mark = std::uint64_t;
gateway_key_mark mark_of(crypto::x25519_public const& public_key) noexcept;

class duplicate_cache {
public:
    struct bounds {
        std::size_t entries = 0;
        std::size_t bytes = 0;  // of replies; at least one block
        duration window{};      // after a request has ended
    };

    // `hash` outlives the cache. The index is taken at once, the rest in blocks up to the bounds.
    duplicate_cache(bounds most, crypto::sha256& hash, crypto::random_source& random);
    ~duplicate_cache() = default;
    duplicate_cache(duplicate_cache const&) = delete;
    duplicate_cache& operator=(duplicate_cache const&) = delete;

    struct finding {
        enum class verdict : std::uint8_t {
            unknown,   // a request, if it authenticates
            other,     // another packet was accepted under this DH value
            silent,    // accepted before, and not answered: by now, at all, or often enough
            answered,  // with `reply`, which lives until the next call
        };
        verdict what = verdict::unknown;
        bytes reply;
    };
    // Costs no more than a look at the index unless the DH value is known.
    finding find(dh_value const& dh, bytes packet);
    // Was a request accepted that this key and DH value opened?
    bool has(gateway_key_mark opened_by, dh_value const& dh) noexcept;

    // What a request under way holds: it is not forgotten meanwhile. Given up without a reply
    // unless told otherwise.
    class ticket {
    public:
        ticket() noexcept = default;
        ~ticket() { give_up(); }
        ticket(ticket const&) = delete;
        ticket& operator=(ticket const&) = delete;
        ticket(ticket&& other) noexcept
            : cache_{std::exchange(other.cache_, nullptr)}
            , entry_{other.entry_}
        {
        }
        ticket& operator=(ticket&& other) noexcept
        {
            give_up();
            cache_ = std::exchange(other.cache_, nullptr);
            entry_ = other.entry_;
            return *this;
        }

        // The reply's bytes, as they go out.
        void answered(time_point now, bytes reply);

    private:
        friend class duplicate_cache;
        ticket(duplicate_cache& cache, std::uint32_t entry) noexcept : cache_{&cache}, entry_{entry}
        {
        }
        void give_up() noexcept;

        duplicate_cache* cache_ = nullptr;
        std::uint32_t entry_ = 0;
    };

    struct request {
        gateway_key_mark opened_by = 0;
        dh_value dh{};
        crypto::sha256_digest packet{};
        identity::device_id from;  // or identity::anonymous_device()
    };
    // A request has authenticated. Errors: unproven_reused_point (that key and DH value are known),
    // limit_requests (there is no room for its sender).
    //
    // Forgets what is too old. A sender may hold as many entries as are free: one alone half of
    // them, and whatever it does leaves room for others. Beyond that its own oldest that has ended
    // makes way, never another's; and none for anonymous requests, which anybody can make.
    result<ticket> begin(time_point now, request const& accepted);

    // From now on; what does not fit is forgotten.
    void set_bounds(bounds most);

    std::size_t size() const noexcept { return size_; }
    std::size_t reply_bytes() const noexcept { return replies_.bytes_held(); }
    // Requests whose entry, or whose reply alone, was forgotten before its time since the last
    // call. Without its reply a request is known still: its packet is answered with nothing.
    std::uint64_t take_forgotten_early() noexcept { return std::exchange(forgotten_early_, 0); }

private:
    using number = sender_table::number;
    static constexpr number nobody = sender_table::nobody;

    struct entry {
        gateway_key_mark opened_by = 0;
        dh_value dh{};
        crypto::sha256_digest packet{};
        number sender = nobody;
        time_point expires = never;  // `never` while it is under way
        reply_log::position reply{};
        bool has_reply = false;
        std::uint8_t repeated = 0;  // how often the reply was given again
        number next_in_bucket = nobody;
        number next = nobody;            // that ended later, or is unused
        number previous = nobody;        // that ended earlier
        number next_of_sender = nobody;  // that ended later
    };

    entry& at(number which) noexcept;
    number& bucket_of(dh_value const& dh) noexcept;
    number take_entry();
    bool free_capacity(sender_table::sender const& wanting) noexcept;
    void end(number which, time_point now) noexcept;
    void unlink(number which) noexcept;
    void forget(number ended) noexcept;
    void forget_early(number ended) noexcept;
    void forget_oldest_reply() noexcept;
    void let_go_of_reply(number which) noexcept;
    void make_index(std::size_t entries);

    bounds most_;
    crypto::sha256& hash_;
    std::array<std::uint64_t, 8> seed_{};  // nobody can aim at a bucket
    std::vector<number> buckets_;
    std::vector<std::unique_ptr<entry[]>> blocks_;
    number unused_ = nobody;
    number oldest_ = nobody;  // of those that have ended, in that order
    number newest_ = nobody;
    number oldest_reply_ = nobody;
    std::size_t size_ = 0;
    sender_table senders_;
    reply_log replies_;
    time_point now_{};  // of the last call that said
    std::uint64_t forgotten_early_ = 0;
};

}  // namespace gatehouse::pssst
