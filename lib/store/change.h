// One change of a store: a writing transaction that moves the change counter when it is kept.
#pragma once

#include "store/failure.h"
#include "store/store_parts.h"
#include "store/transaction.h"

#include <utility>

namespace gatehouse::store {

class change {
public:
    // Refused as wrong_key when the store was sealed anew meanwhile: what this process sealed now,
    // nobody could open.
    static outcome<change> begin(store_parts& where);

    // All of it is on the disk, or (on a failure) nothing. Without a call nothing is kept.
    outcome<> keep();

private:
    change(store_parts& where, transaction begun) : where_{&where}, transaction_{std::move(begun)}
    {
    }

    store_parts* where_;
    transaction transaction_;
};

// Overwrites what a change deleted in the write-ahead log too, unless another process is reading:
// then the next checkpoint does it.
void forget_deleted(store_parts& where);

}  // namespace gatehouse::store
