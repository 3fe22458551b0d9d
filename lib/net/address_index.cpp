#include "net/address_index.h"

namespace gatehouse {

void address_index::add(datagram_connection& one)
{
    auto& first = chains_[one.peer()];
    one.next_at_address_ = first;
    first = &one;
}

void address_index::remove(datagram_connection& one)
{
    auto const found = chains_.find(one.peer());
    auto** link = &found->second;
    while (*link != &one)
        link = &(*link)->next_at_address_;
    *link = one.next_at_address_;
    one.next_at_address_ = nullptr;
    if (found->second == nullptr)
        chains_.erase(found);
}

}  // namespace gatehouse
