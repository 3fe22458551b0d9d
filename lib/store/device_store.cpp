#include "store/device_store.h"

#include "store/file_access.h"
#include "store/schema.h"
#include "store/store_parts.h"

#include <utility>

namespace gatehouse::store {

namespace {

outcome<> limit_size(database& where, std::uint64_t largest_size)
{
    if (largest_size == 0)
        return {};
    auto const page = where.number("PRAGMA page_size");
    if (!page)
        return page.error();
    auto const pages = largest_size / static_cast<std::uint64_t>(*page);
    return where.run(("PRAGMA max_page_count = " + std::to_string(pages)).c_str());
}

outcome<> prepare(store_parts& made, store_options const& options)
{
    auto const seen = look_at(made.db);
    if (!seen)
        return seen.error();
    if (*seen == content::empty && options.mode == open_mode::existing)
        return failure{
            failure_kind::not_a_store,
            "device store " + options.file + ": the file is empty; create the store first"};
    if (auto applied = apply_settings(made.db); !applied)
        return applied;
    if (auto limited = limit_size(made.db, options.largest_size); !limited)
        return limited;
    if (*seen == content::empty) {
        if (auto tables = make_tables(made.db, made.seal->seal_check()); !tables)
            return tables;
    }
    return made.check_seal_key(
        "it is sealed under another key; give the seal key that it was made or last sealed with"
    );
}

}  // namespace

outcome<device_store> device_store::open(
    store_options const& options, crypto::aead_key seal_key, crypto::random_source& random
)
{
    auto const file = check_file(options.file);
    if (!file)
        return file.error();
    if (file->state == presence::missing) {
        if (options.mode == open_mode::existing)
            return failure{
                failure_kind::cannot_open,
                "device store " + options.file + ": there is no such file; create the store first"};
        auto const made = make_private_file(file->path);
        if (!made && made.error().kind != failure_kind::exists)  // by another process
            return made.error();
    }
    auto opened = database::open(file->path, options.busy_wait);
    if (!opened)
        return opened.error();
    auto parts = std::make_unique<store_parts>(std::move(*opened), std::move(seal_key), random);
    if (auto const prepared = prepare(*parts, options); !prepared)
        return prepared.error();
    return device_store{std::move(parts)};
}

device_store::device_store(std::unique_ptr<store_parts> parts) noexcept : parts_{std::move(parts)}
{
}

device_store::~device_store() = default;
device_store::device_store(device_store&&) noexcept = default;
device_store& device_store::operator=(device_store&&) noexcept = default;

}  // namespace gatehouse::store
