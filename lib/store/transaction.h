// A transaction that is undone unless it is committed.
#pragma once

#include "store/database.h"
#include "store/failure.h"

#include <cstdint>
#include <memory>

namespace gatehouse::store {

enum class transaction_kind : std::uint8_t {
    reading,  // sees one state of the store throughout
    writing,  // is the only one that writes; waits for others (database::open)
};

class transaction {
public:
    // The database outlives the transaction.
    static outcome<transaction> begin(database& where, transaction_kind kind)
    {
        auto const begun =
            where.run(kind == transaction_kind::reading ? "BEGIN" : "BEGIN IMMEDIATE");
        if (!begun)
            return begun.error();
        return transaction{where};
    }

    // On a failure nothing of the transaction was kept.
    outcome<> commit()
    {
        auto done = open_->run("COMMIT");
        if (done)
            open_.reset();
        return done;
    }

private:
    // SQLite has rolled back already after some failures (a full disk).
    struct undo {
        void operator()(database* where) const
        {
            if (where->in_transaction())
                static_cast<void>(where->run("ROLLBACK"));
        }
    };

    explicit transaction(database& where) noexcept : open_{&where} {}

    std::unique_ptr<database, undo> open_;
};

}  // namespace gatehouse::store
