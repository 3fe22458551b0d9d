#include "protocol/spp/stream_door.h"

#include "protocol/spp/hello.h"
#include "protocol/spp/stream_session.h"

#include <utility>

namespace gatehouse::spp {

first_look stream_door::look(bytes received) const
{
    auto const judged = judge(received);
    switch (judged.what) {
    case first_bytes::form::unclear:
        return {};
    case first_bytes::form::hello:
        return {first_look::verdict::hello, {}, {}};
    case first_bytes::form::refused:
        break;
    }
    return {first_look::verdict::refused, judged.why, {}};
}

std::size_t stream_door::hello_limit() const
{
    return hello::size;
}

std::unique_ptr<session> stream_door::open(time_point deadline, peer_address const& peer)
{
    return std::make_unique<stream_session>(env_, awaiting_hello{}, deadline, peer);
}

duration stream_door::patience() const
{
    return env_.config.greet_after;
}

result<std::unique_ptr<session>> stream_door::greet(
    time_point deadline, peer_address const& peer, output& out
)
{
    auto state = spp::greet(env_, out.wire);
    if (!state)
        return state.error();
    return std::unique_ptr<session>{
        std::make_unique<stream_session>(env_, std::move(*state), deadline, peer)};
}

}  // namespace gatehouse::spp
