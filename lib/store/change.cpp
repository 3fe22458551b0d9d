#include "store/change.h"

#include <chrono>

namespace gatehouse::store {

outcome<change> change::begin(store_parts& where)
{
    auto begun = transaction::begin(where.db, transaction_kind::writing);
    if (!begun)
        return begun.error();
    if (auto const checked = where.check_seal_key(sealed_anew); !checked)
        return checked.error();
    return change{where, std::move(*begun)};
}

outcome<> change::keep()
{
    if (auto counted = where_->db.run("UPDATE meta SET changes = changes + 1"); !counted)
        return counted;
    return transaction_.commit();
}

void forget_deleted(store_parts& where)
{
    // PRAGMA busy_timeout gives the wait that is in force.
    auto const wait = where.db.number("PRAGMA busy_timeout");
    where.db.set_busy_wait(std::chrono::milliseconds{0});
    static_cast<void>(where.db.run("PRAGMA wal_checkpoint(TRUNCATE)"));
    where.db.set_busy_wait(std::chrono::milliseconds{wait ? *wait : 0});
}

}  // namespace gatehouse::store
