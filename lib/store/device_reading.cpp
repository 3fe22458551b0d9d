// The reading side of device_store.
#include "store/device_store.h"
#include "store/limits.h"
#include "store/row_reader.h"
#include "store/transaction.h"
#include "store/unknown_name.h"

#include <algorithm>
#include <utility>

namespace gatehouse::store {

namespace {

constexpr std::string_view every_device = "FROM devices d ORDER BY d.id";
constexpr std::string_view one_device = "FROM devices d WHERE d.id = ?1";
constexpr std::string_view page_of_devices =
    "FROM devices d WHERE d.id > ?1 AND (?2 IS NULL OR d.enabled = ?2) ORDER BY d.id LIMIT ?3";
// Goes through the keys, which lie in the order of their devices: rare keys are found at the speed
// of a scan, not of a look-up a device.
constexpr std::string_view page_with_key =
    "FROM keys k CROSS JOIN devices d ON d.id = k.device"
    " WHERE k.device > ?1 AND k.id = ?4 AND (?2 IS NULL OR d.enabled = ?2)"
    " ORDER BY k.device LIMIT ?3";

template <class Take>
outcome<> read_all(row_reader& rows, Take const& take)
{
    while (true) {
        auto device = rows.next();
        if (!device)
            return device.error();
        if (!*device)
            return {};
        take(std::move(**device));
    }
}

}  // namespace

outcome<> device_store::for_each_device(visitor const& visit)
{
    auto const reading = transaction::begin(parts_->db, transaction_kind::reading);
    if (!reading)
        return reading.error();
    auto rows = row_reader::over(*parts_, every_device, secrets::opened);
    if (!rows)
        return rows.error();
    return read_all(*rows, visit);
}

outcome<stored_device> device_store::find(identity::device_id const& id)
{
    auto const reading = transaction::begin(parts_->db, transaction_kind::reading);
    if (!reading)
        return reading.error();
    auto rows = row_reader::over(*parts_, one_device, secrets::opened);
    if (!rows)
        return rows.error();
    rows->devices().bind(1, id.raw());
    auto device = rows->next();
    if (!device)
        return device.error();
    if (!*device)
        return unknown_device(id);
    return std::move(**device);
}

outcome<std::vector<stored_device>> device_store::list(page_request const& wanted)
{
    auto const reading = transaction::begin(parts_->db, transaction_kind::reading);
    if (!reading)
        return reading.error();
    bool const by_key = !wanted.key_id.empty();
    auto rows =
        row_reader::over(*parts_, by_key ? page_with_key : page_of_devices, secrets::left_sealed);
    if (!rows)
        return rows.error();
    std::optional<std::int64_t> enabled;
    if (wanted.access)
        enabled = *wanted.access == device_access::enabled ? 1 : 0;
    auto& selection = rows->devices();
    selection.bind(1, wanted.after.raw())
        .bind(2, enabled)
        .bind(3, static_cast<std::int64_t>(std::min(wanted.limit, longest_page)));
    if (by_key)
        selection.bind(4, std::string_view{wanted.key_id});
    std::vector<stored_device> page;
    auto const read =
        read_all(*rows, [&](stored_device&& device) { page.push_back(std::move(device)); });
    if (!read)
        return read.error();
    return page;
}

outcome<std::size_t> device_store::count()
{
    auto const counted = parts_->db.number("SELECT count(*) FROM devices");
    if (!counted)
        return counted.error();
    return static_cast<std::size_t>(*counted);
}

outcome<std::uint64_t> device_store::change_counter()
{
    auto const read = parts_->db.number("SELECT changes FROM meta");
    if (!read)
        return read.error();
    return static_cast<std::uint64_t>(*read);
}

}  // namespace gatehouse::store
