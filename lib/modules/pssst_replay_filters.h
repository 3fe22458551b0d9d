// The replay filters of the gateway's keys, each in a file of its own in the state directory, or in
// memory where there is none (docs/protocols/pssst.md, "Repetition").
//
// One thread at a time: whoever reads the configuration. What it gives out is shared with the
// workers, and lives as long as the process or its key's place in the configuration.
#pragma once

#include "base/file_memory.h"
#include "base/time.h"
#include "config/model.h"
#include "config/problem.h"
#include "crypto/random.h"
#include "identity/keyring.h"
#include "net/gateway_key_uses.h"
#include "net/protocol_module.h"
#include "protocol/pssst/replay_filter.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse {

// Those of one credential set, in the order of its gateway keys.
class pssst_key_filters final : public gateway_key_uses {
public:
    void add(identity::key_index id, std::shared_ptr<pssst::replay_filter> filter)
    {
        ids_.push_back(id);
        all_.push_back(std::move(filter));
    }

    std::span<std::shared_ptr<pssst::replay_filter> const> all() const noexcept { return all_; }
    std::vector<bounded_key> bounded_keys() const override;
    missing look_after_files() const override;

    // With it is made anew what has gone.
    using look = std::function<std::string()>;  // why it is missing; empty: it is not
    void add_look(std::string path, look how) { looks_[std::move(path)] = std::move(how); }

private:
    std::map<std::string, look> looks_;  // by path
    std::vector<identity::key_index> ids_;
    std::vector<std::shared_ptr<pssst::replay_filter>> all_;
};

class pssst_replay_filters {
public:
    // A file whose key has been in no configuration for so long is removed, when the daemon starts
    // or reloads: a key that comes back sooner has forgotten nothing.
    static constexpr std::chrono::days kept_without_key{7};

    struct boot {
        pssst::replay_filter::boot_id id{};
        static boot read();
    };

    pssst_replay_filters(crypto::random_source& random, boot current)
        : random_{random}
        , boot_{current}
    {
    }
    pssst_replay_filters(pssst_replay_filters const&) = delete;
    pssst_replay_filters& operator=(pssst_replay_filters const&) = delete;
    ~pssst_replay_filters() = default;

    using reading = protocol_module::reading;
    using findings = protocol_module::findings;

    // For each credential set, those of its keys, null when it is of another kind; files are made
    // for keys that have none. Empty, with a problem, when one cannot be.
    using by_set = std::vector<std::shared_ptr<pssst_key_filters const>>;
    by_set open(reading const& from, wall_time now, findings into);

    // What `open` would say in a process that begins; changes nothing. A file that the running
    // daemon has in use is good.
    void check(reading const& from, findings into);

    // The file of a key.
    static std::string path_of(std::string const& directory, identity::public_key const& key);

private:
    // A filter with its memory.
    struct kept {
        explicit kept(file_memory::pointer of) : memory{std::move(of)}, filter{*memory} {}
        ~kept();
        std::string look_after();
        kept(kept const&) = delete;
        kept& operator=(kept const&) = delete;

        file_memory::pointer memory;
        pssst::replay_filter filter;
        std::string path;          // empty: of this process only
        std::uint64_t wished = 0;  // requests, when that was last told
    };
    // What the listeners want of a key.
    struct wanted {
        std::string name;  // for people
        std::uint64_t requests = 0;
    };
    using wishes = std::map<identity::public_key, wanted>;

    static wishes read_wishes(reading const& from);
    std::shared_ptr<kept> make(
        std::string const& directory,
        identity::public_key const& key,
        wanted const& wish,
        std::string& why
    );
    std::string open_one(
        std::string const& directory,
        identity::public_key const& key,
        wanted const& wish,
        findings into
    );
    void take_up(kept& one, wanted const& wish, findings into) const;
    static void tell_of_size(kept& one, wanted const& wish, findings into);
    std::shared_ptr<pssst_key_filters const> filters_of(identity::keyring const& ring) const;
    static void warn_of_no_directory(reading const& from, findings into);
    std::string why_cannot(
        std::string const& directory, identity::public_key const& key, wanted const& wish
    ) const;
    std::string why_unfit(bytes memory, identity::public_key const& key) const;
    bool machine_stopped(pssst::replay_filter::boot_id const& in_use) const;
    void tidy_up(std::string const& directory, wishes const& all, wall_time now);

    crypto::random_source& random_;
    boot boot_;
    bool told_of_no_directory_ = false;
    std::map<identity::public_key, std::shared_ptr<kept>> open_;
};

}  // namespace gatehouse
