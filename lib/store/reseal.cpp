// Sealing a store under another key.
#include "store/change.h"
#include "store/device_store.h"
#include "store/store_parts.h"

#include <string>
#include <utility>
#include <vector>

namespace gatehouse::store {

namespace {

constexpr std::string_view next_batch =
    "SELECT device, id, sealed FROM keys"
    " WHERE (device, id) > (?1, ?2) AND sealed IS NOT NULL ORDER BY device, id LIMIT 1000";
constexpr std::string_view write_one = "UPDATE keys SET sealed = ?3 WHERE device = ?1 AND id = ?2";

struct sealed_key {
    identity::device_id device;
    std::string id;
    std::vector<std::uint8_t> sealed;
};

failure does_not_open(store_parts const& where, sealed_key const& row)
{
    return failure{
        failure_kind::damaged,
        "device store " + std::string{where.db.file()} + ": the sealed key \"" + row.id +
            "\" of device " + row.device.text() +
            " is not the one that was written there; nothing was changed. Revoke that key first"};
}

// Rows are read in batches, so that none is written while a statement stands on it.
outcome<std::vector<sealed_key>> read_batch(statement& from, sealed_key const& after)
{
    from.bind(1, after.device.raw()).bind(2, std::string_view{after.id});
    std::vector<sealed_key> batch;
    while (true) {
        auto const moved = from.step();
        if (!moved)
            return moved.error();
        if (*moved == stepped::done)
            break;
        auto const raw = from.blob(0);
        auto const sealed = from.blob(2);
        auto& made = batch.emplace_back();
        if (raw.size() == identity::device_id::mac_size)
            made.device = identity::device_id::from_mac(raw.first<identity::device_id::mac_size>());
        made.id = from.text(1);
        made.sealed.assign(sealed.begin(), sealed.end());
    }
    from.reset();
    return batch;
}

outcome<> write_sealed(statement& to, sealed_key const& row, bytes sealed)
{
    return to.bind(1, row.device.raw()).bind(2, std::string_view{row.id}).bind(3, sealed).run();
}

outcome<> reseal_rows(store_parts& where, sealer& anew)
{
    auto from = where.db.prepare(next_batch);
    if (!from)
        return from.error();
    auto to = where.db.prepare(write_one);
    if (!to)
        return to.error();
    sealed_key after;
    while (true) {
        auto batch = read_batch(*from, after);
        if (!batch)
            return batch.error();
        if (batch->empty())
            return {};
        for (auto const& row : *batch) {
            key_slot const slot{row.device, row.id};
            auto const opened = where.seal->open(row.sealed, slot);
            if (!opened)
                return does_not_open(where, row);
            if (auto done = write_sealed(*to, row, anew.seal(opened->expose(), slot)); !done)
                return done;
        }
        after = std::move(batch->back());
    }
}

}  // namespace

outcome<> device_store::reseal(crypto::aead_key new_key)
{
    auto anew = std::make_unique<sealer>(std::move(new_key), parts_->random);
    {
        auto writing = change::begin(*parts_);
        if (!writing)
            return writing.error();
        if (auto done = reseal_rows(*parts_, *anew); !done)
            return done;
        auto meta = parts_->db.prepare("UPDATE meta SET seal_check = ?1");
        if (!meta)
            return meta.error();
        auto const check = anew->seal_check();
        if (auto done = meta->bind(1, bytes{check}).run(); !done)
            return done;
        if (auto kept = writing->keep(); !kept)
            return kept;
    }
    parts_->seal = std::move(anew);
    forget_deleted(*parts_);
    return {};
}

}  // namespace gatehouse::store
