#include "net/bound_sockets.h"

#include <utility>

namespace gatehouse {

bound_sockets::bound_sockets(
    config::transport over, config::endpoint at, std::function<void()> unused
)
    : transport_{over}
    , wanted_{std::move(at)}
    , at_{wanted_}
    , unused_{std::move(unused)}
{
}

void bound_sockets::bound_to(std::string text, std::uint16_t port)
{
    text_ = std::move(text);
    at_.port = port;
}

socket_use::socket_use(std::shared_ptr<bound_sockets> of, std::size_t worker)
    : of_{std::move(of)}
    , worker_{worker}
{
    of_->users_.fetch_add(1);
}

void socket_use::end() noexcept
{
    auto const of = std::exchange(of_, nullptr);
    if (of && of->users_.fetch_sub(1) == 1 && of->unused_)
        of->unused_();
}

}  // namespace gatehouse
