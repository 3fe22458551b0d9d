#include "net/protocol_host.h"

#include "net/limits.h"
#include "net/pssst_host.h"
#include "net/shared_house.h"
#include "net/spp_host.h"
#include "net/usmp_host.h"

namespace gatehouse {

std::unique_ptr<protocol_host> make_protocol_host(
    config::listener const& listener,
    credential_place const& keys,
    protocol_tools tools,
    std::size_t workers
)
{
    switch (listener.protocol) {
    case config::protocol::pssst:
        return std::make_unique<pssst_host>(listener, keys, tools, workers);
    case config::protocol::spp:
        return std::make_unique<spp_host>(listener, *keys.keyring, tools);
    case config::protocol::usmp:
        break;
    }
    return std::make_unique<usmp_host>(listener, *keys.keyring, tools, workers);
}

std::vector<unsafe_generation> unsafe_generations(config::listener const& listener)
{
    switch (listener.protocol) {
    case config::protocol::usmp:
        return usmp_host::unsafe_generations(listener);
    case config::protocol::spp:
        return spp_host::unsafe_generations(listener);
    case config::protocol::pssst:
        break;
    }
    return {};
}

steering_rule steering_of(config::listener const& listener)
{
    switch (listener.protocol) {
    case config::protocol::usmp:
        return usmp_host::named_frames();
    case config::protocol::pssst:
        return pssst_host::steering();
    case config::protocol::spp:
        break;
    }
    return {};
}

std::size_t largest_message(config::listener const& listener) noexcept
{
    return listener.protocol == config::protocol::spp ? listener.spp.message_limit
                                                      : net_limits::largest_datagram;
}

}  // namespace gatehouse
