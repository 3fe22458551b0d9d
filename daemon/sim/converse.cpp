// Apart from dialogue.cpp because clang's analyzer, where it can follow a call into a coroutine,
// complains about Asio's own frames.
#include "dialogue.h"

namespace gatehouse::sim {

task converse(dialogue* with)
{
    auto& socket = with->link_.socket();
    auto const [refused] = co_await socket.async_connect(with->options_.gateway, awaiting);
    with->connected(refused);
    while (!with->over()) {
        auto const [cut_short] = co_await socket.async_wait(tcp_socket::wait_read, awaiting);
        with->look(cut_short);
    }
}

}  // namespace gatehouse::sim
