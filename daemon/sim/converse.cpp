// Apart from dialogue.cpp because clang's analyzer, where it can follow a call into a coroutine,
// complains about Asio's own frames.
#include "dialogue.h"

namespace gatehouse::sim {

task converse(dialogue* with)
{
    auto& link = *with->link_;
    auto const [refused] = co_await link.connect();
    with->connected(refused);
    while (!with->over()) {
        auto const [cut_short] = co_await link.readable();
        with->look(cut_short);
    }
}

}  // namespace gatehouse::sim
