// UPSS for a listener on one worker.
#pragma once

#include "gateway/source_shares.h"
#include "modules/upss_key_pool.h"
#include "net/protocol_host.h"
#include "protocol/upss/environment.h"
#include "protocol/upss/limits.h"
#include "protocol/upss/stream_door.h"

#include <memory>

namespace gatehouse {

class upss_host final : public protocol_host, private upss::key_opener {
public:
    // What the process keeps for all of them.
    struct process {
        upss_key_pool pool;
        secret<32> own_mark;
    };
    // What packages on one worker are read with.
    struct memory final : worker_state {
        upss::package_reader packages{upss::limits::largest_body};
    };

    // `tools.shared` is a `memory`.
    upss_host(
        config::listener const& listener, protocol_tools tools, process& common, std::size_t workers
    );

    gatehouse::stream_door& streams() noexcept override { return streams_; }
    void configure(config::listener const& listener, credential_slot const& keys) override;
    void set_wall_time(wall_time now) noexcept override { environment_.wall_now = now; }
    std::string advice(error why, bytes first) const override;
    std::string advice(error why, session_facts const& facts) const override;

private:
    std::shared_ptr<upss::rsa_pair const> current() override;
    result<> open(
        std::shared_ptr<upss::rsa_pair const> with,
        bytes block,
        std::shared_ptr<upss::key_opening> into
    ) override;
    void use(config::listener const& listener);

    upss_key_pool& pool_;
    worker_thread& thread_;
    std::size_t workers_;
    source_shares openings_;
    std::shared_ptr<upss::rsa_pair const> given_;  // and what it remembers
    upss::environment environment_;
    upss::stream_door streams_;
};

}  // namespace gatehouse
