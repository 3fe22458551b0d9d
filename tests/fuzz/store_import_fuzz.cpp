// A credential file that is imported into a managed store: it comes in whole or not at all, and
// what is exported again says the same of every device.
#include "base/bytes.h"
#include "config/credentials.h"
#include "credential_text.h"
#include "crypto/random.h"
#include "fuzz/require.h"
#include "identity/key_standing.h"
#include "modules/psk_credentials.h"
#include "modules/registry.h"
#include "store/device_store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace {

namespace config = gatehouse::config;
namespace identity = gatehouse::identity;
namespace store = gatehouse::store;
using gatehouse::test::require;

constexpr gatehouse::wall_time now{std::chrono::seconds{1'800'000'000}};
constexpr std::array<std::uint8_t, 32> thirty_two{};

// A directory for the whole run, whose store is emptied for each input.
class scene {
public:
    scene()
    {
        require(::mkdtemp(directory_.data()) != nullptr);
        auto opened = store::device_store::open(
            {.file = directory_ + "/fleet.db", .mode = store::open_mode::create},
            gatehouse::crypto::aead_key::from(thirty_two),
            random_
        );
        require(opened.has_value());
        store_.emplace(std::move(*opened));
    }

    ~scene()
    {
        store_.reset();
        for (auto const* end : {"/fleet.db", "/fleet.db-wal", "/fleet.db-shm"})
            ::unlink((directory_ + end).c_str());
        ::rmdir(directory_.c_str());
    }
    scene(scene const&) = delete;
    scene& operator=(scene const&) = delete;

    store::device_store& empty()
    {
        std::vector<identity::device_id> all;
        require(store_->for_each_device([&](auto&& device) { all.push_back(device.id); }
        ).has_value());
        for (auto const& id : all)
            require(store_->remove(id).has_value());
        return *store_;
    }

private:
    std::string directory_ = "/tmp/gatehouse-fuzz-XXXXXX";
    gatehouse::crypto::system_random random_;
    std::optional<store::device_store> store_;
};

std::shared_ptr<identity::keyring const> parse(std::string_view text)
{
    static gatehouse::protocol_registry const protocols;
    config::no_secret_files none;
    config::problems found;
    auto read = config::parse_credentials(
        text,
        "import",
        {.protocols = protocols.types(),
         .decoy = gatehouse::secret_bytes{thirty_two},
         .kind = &gatehouse::psk_credentials()},
        none,
        found
    );
    return std::move(read.keyring);
}

auto import(store::device_store& into, std::vector<store::new_device> devices)
{
    auto next = devices.begin();
    return into.import(
        [&]() -> store::outcome<std::optional<store::new_device>> {
            if (next == devices.end())
                return std::optional<store::new_device>{};
            return std::optional<store::new_device>{std::move(*next++)};
        },
        store::import_policy::add_only,
        now
    );
}

std::string export_of(store::device_store& from)
{
    std::string text = "version: 1\ndevices:\n";
    auto const start = text.size();
    require(from.for_each_device([&](auto&& device) { gatehouse::write_device(device, text); }
    ).has_value());
    return text.size() == start ? "version: 1\ndevices: {}\n" : text;
}

// Each key that was accepted is there again, under the same id, with the same window and secret.
// Revoked keys stay behind, and devices that have no other.
void require_the_same(identity::keyring const& before, identity::keyring const& after)
{
    before.for_each_device([&](auto const& id, auto const& device) {
        auto const again = after.find_listed(id);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < device.key_count(); ++i) {
            auto const key = device.key(i);
            if (key.mark == identity::key_mark::revoked)
                continue;
            require(again.has_value() && kept < again->key_count());
            auto const same = again->key(kept++);
            require(before.key_ids()[key.id] == after.key_ids()[same.id]);
            require(
                key.window == same.window &&
                gatehouse::as_text(key.value) == gatehouse::as_text(same.value)
            );
            require(key.mark == same.mark);
        }
        require(!again || (again->key_count() == kept && again->name() == device.name()));
        require(!again || again->legacy_session_id() == device.legacy_session_id());
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static scene where;
    auto const read = parse(gatehouse::as_text({data, size}));
    if (!read || read->has_wildcard() || !read->masters().empty())
        return 0;
    auto& store = where.empty();
    auto const counts = import(store, gatehouse::devices_of(*read));
    auto const there = store.count();
    require(there.has_value());
    if (!counts) {
        require(*there == 0);
        return 0;
    }
    require(
        counts->added == read->device_count() && counts->replaced == 0 && *there == counts->added
    );
    auto const again = parse(export_of(store));
    require(again != nullptr && again->device_count() <= read->device_count());
    require_the_same(*read, *again);
    return 0;
}
