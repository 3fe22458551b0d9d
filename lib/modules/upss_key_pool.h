// The RSA pairs of UPSS listeners, and the threads that work with them, so that no worker does
// (docs/protocols/upss.md, "Keys of the gateway"). One a process.
//
// Each pair remembers the blocks that it opened, as long as it lives: who repeats one repeats a
// session. A pair that was made here is replaced in time, also when it remembers as many as it may;
// handshakes that were told the pair before still end with it.
//
// Any thread, unless a comment says otherwise.
#pragma once

#include "base/time.h"
#include "crypto/random.h"
#include "crypto/rsa_oaep.h"
#include "crypto/sha256.h"
#include "net/protocol_host.h"
#include "protocol/upss/key_opener.h"
#include "protocol/upss/options.h"

#include <boost/unordered/unordered_flat_set.hpp>

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse {

class upss_key_pool {
public:
    // Openings that wait for the thread; of one source, an eighth.
    static constexpr std::size_t most_waiting = 256;
    static constexpr std::size_t most_waiting_of_source = most_waiting / 8;
    // Blocks that a pair remembers.
    static constexpr std::size_t most_blocks = std::size_t{1} << 18;

    upss_key_pool() = default;
    ~upss_key_pool();
    upss_key_pool(upss_key_pool const&) = delete;
    upss_key_pool& operator=(upss_key_pool const&) = delete;

    // Makes a first pair of this choice if there is none: takes a fraction of a second, some for
    // 4096 bits. False when the library makes none.
    bool prepare(upss::key_choice const& choice);

    // For a handshake that begins. The choice was prepared.
    std::shared_ptr<upss::rsa_pair const> current(upss::key_choice const& choice);
    // The same key is the same pair, with what it remembers.
    std::shared_ptr<upss::rsa_pair const> current(upss::given_key const& given);

    // key_opener::open, for a session of `worker`. Errors: limit_agreements.
    result<> open(
        std::shared_ptr<upss::rsa_pair const> with,
        bytes block,
        std::shared_ptr<upss::key_opening> into,
        worker_thread& worker
    );

    // Main thread, signals blocked.
    void start();
    void stop();

private:
    using block_mark = std::array<std::uint8_t, 16>;
    // Of what is as good as random.
    struct mark_hash {
        std::size_t operator()(block_mark const& of) const noexcept
        {
            std::size_t made = 0;
            std::memcpy(&made, of.data(), sizeof made);
            return made;
        }
    };
    struct pair;
    struct job {
        std::shared_ptr<pair> with;
        std::vector<std::uint8_t> block;
        std::shared_ptr<upss::key_opening> into;
        source_prefix from{};
        worker_thread* worker = nullptr;
    };
    // Pairs of one choice.
    struct line {
        std::shared_ptr<pair> current;
        time_point due;  // to be replaced
    };
    using choice_key = std::pair<unsigned, std::int64_t>;

    static block_mark mark_of(crypto::sha256& digest, bytes block);
    static std::shared_ptr<pair> make(unsigned bits);
    static std::shared_ptr<pair> wrap(
        std::shared_ptr<crypto::rsa_private_key const> key, std::string public_pem
    );
    static choice_key key_of(upss::key_choice const& choice) noexcept;
    static time_point due_of(upss::key_choice const& choice, time_point now) noexcept;

    void open_keys();
    void replace_pairs();
    time_point next_due() const;
    void answer(job& one);
    result<upss::session_key_text> open_block(pair& with, bytes block);
    void replace_early(pair const& full);

    mutable std::mutex mutex_;
    std::condition_variable has_jobs_;
    std::condition_variable has_dues_;
    std::deque<job> jobs_;
    std::map<choice_key, line> lines_;
    std::map<std::string, std::weak_ptr<pair>> given_;  // by public half
    bool ends_ = false;
    // On the thread that opens.
    crypto::system_random random_;
    crypto::sha256 digest_;
    std::thread opener_;
    std::thread maker_;
};

}  // namespace gatehouse
