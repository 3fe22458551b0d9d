#include "modules/pssst.h"

#include "config/fields.h"
#include "crypto/random.h"
#include "modules/keyed_credentials.h"
#include "modules/pssst_host.h"
#include "modules/pssst_replay_filters.h"
#include "net/limits.h"
#include "net/shared_snapshot.h"
#include "protocol/pssst/options.h"
#include "protocol/pssst/packet.h"

namespace gatehouse {

namespace {

// What the gateway's keys have answered, whichever listener and worker it was.
struct filters_of_process {
    crypto::system_random random;
    pssst_replay_filters all{random, pssst_replay_filters::boot::read()};
};

class pssst_module final : public protocol_module {
public:
    pssst_module()
        : protocol_module{
              {.name = "pssst",
               .only_over = config::transport::udp,
               .keys = &x25519_credentials(),
               .serves_requests = true}}
    {
    }

    config::protocol_options usual_options() const override
    {
        return config::protocol_options::of(pssst::options{});
    }
    config::protocol_options read(config::yaml_node section, config::complaints& report)
        const override;

    std::unique_ptr<protocol_host> make_host(
        config::listener const& listener,
        credential_slot const& keys,
        protocol_tools tools,
        std::size_t workers
    ) const override
    {
        return std::make_unique<pssst_host>(listener, keys, tools, workers);
    }
    std::unique_ptr<worker_state> make_worker_state(worker_tools tools) const override
    {
        return std::make_unique<pssst_host::memory>(tools);
    }

    steering_rule steering() const override { return byte_rule{pssst::worker_byte_offset}; }
    std::size_t largest_message(config::listener const&) const override
    {
        return net_limits::largest_datagram;
    }

    key_uses open_key_uses(reading const& from, wall_time now, findings into) const override
    {
        auto opened = filters_->all.open(from, now, into);
        return {opened.begin(), opened.end()};
    }
    void check_key_uses(reading const& from, findings into) const override
    {
        filters_->all.check(from, into);
    }

private:
    std::unique_ptr<filters_of_process> const filters_ = std::make_unique<filters_of_process>();
};

void read_duplicates(config::yaml_map& pssst, pssst::options::duplicate_bounds& into)
{
    static constexpr config::number_range counts{16, std::uint64_t{1} << 22};
    static constexpr config::number_range sizes{std::uint64_t{64} << 10, std::uint64_t{1} << 32};
    auto const section = pssst.find("duplicates");
    if (!section)
        return;
    config::yaml_map map{*section, "\"duplicates\"", pssst.report()};
    config::read_number(map, "entries", counts, into.entries);
    config::read_size(map, "bytes", sizes, into.bytes);
    config::read_duration(map, "window", into.window);
    map.finish();
}

void read_once(config::yaml_map& pssst, std::uint64_t& requests)
{
    static constexpr config::number_range counts{1, std::uint64_t{1'000'000'000}};
    auto const section = pssst.find("once");
    if (!section)
        return;
    config::yaml_map map{*section, "\"once\"", pssst.report()};
    config::read_number(map, "requests", counts, requests);
    map.finish();
}

config::protocol_options pssst_module::read(config::yaml_node section, config::complaints& report)
    const
{
    // From an empty reply to the largest datagram that listeners send.
    static constexpr config::number_range reply_sizes{52, net_limits::largest_datagram};
    pssst::options made;
    config::yaml_map pssst{section, "\"pssst\"", report};
    config::read_duration(pssst, "reply_timeout", made.reply_timeout);
    config::read_number(pssst, "max_reply", reply_sizes, made.max_reply);
    read_duplicates(pssst, made.duplicates);
    read_once(pssst, made.once_requests);
    pssst.finish();
    return config::protocol_options::of(made);
}

}  // namespace

std::unique_ptr<protocol_module> make_pssst_module()
{
    return std::make_unique<pssst_module>();
}

}  // namespace gatehouse
