#include "store/row_reader.h"

#include "store/row_times.h"

#include <algorithm>
#include <vector>

namespace gatehouse::store {

namespace {

constexpr std::string_view device_columns =
    "SELECT d.id, d.name, d.enabled, d.session_id_bytes, d.created, d.changed ";
constexpr std::string_view keys_of_device =
    "SELECT id, rank, sealed, not_before, not_after, created, revoked_at FROM keys"
    " WHERE device = ?1";

struct ranked_key {
    std::int64_t rank = 0;
    stored_key key;
};

outcome<stored_device> device_of(statement const& row, std::string_view file)
{
    auto const raw = row.blob(0);
    if (raw.size() != identity::device_id::mac_size)
        return failure{
            failure_kind::damaged,
            "device store " + std::string{file} + ": a device id has " +
                std::to_string(raw.size()) + " bytes instead of 6; restore a backup"};
    return stored_device{
        .id = identity::device_id::from_mac(raw.first<identity::device_id::mac_size>()),
        .name = std::string{row.text(1)},
        .access = row.number(2) != 0 ? device_access::enabled : device_access::disabled,
        .legacy_session_id = static_cast<identity::session_id_length>(row.number(3)),
        .created = time_of_row(row.number(4)),
        .changed = time_of_row(row.number(5)),
        .keys = {},
    };
}

}  // namespace

outcome<row_reader> row_reader::over(store_parts& where, std::string_view selection, secrets wanted)
{
    auto devices = where.db.prepare(std::string{device_columns} += selection);
    if (!devices)
        return devices.error();
    auto keys = where.db.prepare(keys_of_device);
    if (!keys)
        return keys.error();
    return row_reader{where, wanted, std::move(*devices), std::move(*keys)};
}

outcome<std::optional<stored_device>> row_reader::next()
{
    auto const moved = devices_.step();
    if (!moved)
        return moved.error();
    if (*moved == stepped::done)
        return std::optional<stored_device>{};
    auto device = device_of(devices_, where_->db.file());
    if (!device)
        return device.error();
    if (auto const read = read_keys(*device); !read)
        return read.error();
    return std::optional<stored_device>{std::move(*device)};
}

outcome<> row_reader::read_keys(stored_device& into)
{
    std::vector<ranked_key> found;
    keys_.bind(1, into.id.raw());
    while (true) {
        auto const moved = keys_.step();
        if (!moved)
            return moved.error();
        if (*moved == stepped::done)
            break;
        auto& made = found.emplace_back();
        made.rank = keys_.number(1);
        made.key.id = keys_.text(0);
        made.key.window = window_of_row(keys_.number_or_null(3), keys_.number_or_null(4));
        made.key.created = time_of_row(keys_.number(5));
        if (auto const revoked = keys_.number_or_null(6)) {
            made.key.revoked_at = time_of_row(*revoked);
        } else if (wanted_ == secrets::opened) {
            auto opened = open(keys_.blob(2), into, made.key.id);
            if (!opened)
                return opened.error();
            made.key.secret = std::move(*opened);
        }
    }
    keys_.reset();
    std::sort(found.begin(), found.end(), [](ranked_key const& left, ranked_key const& right) {
        return left.rank > right.rank;
    });
    into.keys.reserve(found.size());
    for (auto& each : found)
        into.keys.push_back(std::move(each.key));
    return {};
}

outcome<secret_bytes> row_reader::open(
    bytes sealed, stored_device const& device, std::string_view key_id
)
{
    auto opened = where_->seal->open(sealed, {device.id, key_id});
    if (opened)
        return std::move(*opened);
    if (auto const checked = where_->check_seal_key(sealed_anew); !checked)
        return checked.error();
    return failure{
        failure_kind::damaged,
        "device store " + std::string{where_->db.file()} + ": the sealed key \"" +
            std::string{key_id} + "\" of device " + device.id.text() +
            " is not the one that was written there; restore a backup, or give the device a new "
            "key"};
}

}  // namespace gatehouse::store
