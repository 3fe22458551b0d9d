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
#include "protocol/pssst/packet.h"
#include "protocol/pssst/reply_log.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
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
            silent,    // accepted before, and not answered: by now, at all, or often enough
            answered,  // with `reply`, which lives until the next call
        };
        verdict what = verdict::unknown;
        bytes reply;
    };
    // Costs no more than a look at the index unless the DH value is known.
    finding find(dh_value const& dh, bytes packet);

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
        client_kind from = client_kind::authenticated;
    };
    // A request has authenticated. Errors: unproven_reused_point (that key and DH value are known),
    // limit_requests (all entries are under way, or as many as anonymous requests may have are
    // theirs). Forgets what is too old, and when there is no room the oldest that has ended: never
    // for anonymous requests, which anybody can make.
    result<ticket> begin(time_point now, request const& accepted);

    // From now on; what does not fit is forgotten.
    void set_bounds(bounds most);

    std::size_t size() const noexcept { return size_; }
    std::size_t reply_bytes() const noexcept { return replies_.bytes_held(); }
    // Requests whose entry, or whose reply alone, was forgotten before its time since the last
    // call. Without its reply a request is known still: its packet is answered with nothing.
    std::uint64_t take_forgotten_early() noexcept { return std::exchange(forgotten_early_, 0); }

private:
    using number = std::uint32_t;
    static constexpr number nobody = std::numeric_limits<number>::max();

    struct entry {
        request what;
        time_point expires = never;  // `never` while it is under way
        reply_log::place reply{};
        bool has_reply = false;
        std::uint8_t repeated = 0;  // how often the reply was given again
        number next_in_bucket = nobody;
        number next = nobody;  // that ended later, or is unused
    };

    entry& at(number which) noexcept;
    number& bucket_of(dh_value const& dh) noexcept;
    number take_entry();
    void end(number which, time_point now) noexcept;
    void forget_oldest() noexcept;
    void forget_oldest_early() noexcept;
    void forget_oldest_reply() noexcept;
    void let_go_of_reply(number which) noexcept;
    std::size_t room_for_anonymous() const noexcept { return most_.entries / 2; }
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
    std::size_t anonymous_ = 0;  // of them
    reply_log replies_;
    time_point now_{};  // of the last call that said
    std::uint64_t forgotten_early_ = 0;
};

}  // namespace gatehouse::pssst
