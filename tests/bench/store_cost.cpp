// What a managed store costs: store_cost [DEVICES] [FOLDER]. Loading, walking and single changes,
// on the disk that the folder is on.
#include "crypto/random.h"
#include "store/device_store.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::bench {
namespace {

using std::chrono::duration;

constexpr std::size_t single_changes = 200;

identity::device_id device(std::size_t number)
{
    number = number * 2'654'435'761U & 0xffffffffU;  // a fleet in no order, the worst to import
    std::array<std::uint8_t, 6> mac{2};
    for (std::size_t slot = 5; slot > 1; --slot, number >>= 8)
        mac[slot] = static_cast<std::uint8_t>(number);
    return identity::device_id::from_mac(mac);
}

store::new_key fresh_key(std::string id, crypto::random_source& random)
{
    std::array<std::uint8_t, 32> drawn{};
    random.fill(drawn);
    return {.id = std::move(id), .secret = secret_bytes{drawn}, .window = {}};
}

template <class T>
T require(store::outcome<T> seen)
{
    if (!seen) {
        std::fprintf(stderr, "store_cost: %s\n", seen.error().text.c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(*seen);
}

template <class Work>
double seconds(Work const& work)
{
    auto const begun = std::chrono::steady_clock::now();
    work();
    return duration<double>{std::chrono::steady_clock::now() - begun}.count();
}

template <class Work>
void print_seconds(char const* what, Work const& work)
{
    auto const before = std::clock();
    auto const elapsed = seconds(work);
    auto const busy = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    std::printf("%-40s %9.2f %9.2f\n", what, elapsed, busy);
}

class tenant {
public:
    tenant(std::string const& file, std::size_t devices)
        : devices_{devices}
        , store_{open(file, random_)}
    {
    }

    void load()
    {
        std::size_t next = 0;
        auto const source = [&]() -> store::outcome<std::optional<store::new_device>> {
            if (next == devices_)
                return std::optional<store::new_device>{};
            store::new_device made{.id = device(next++), .name = "a device", .keys = {}};
            made.keys.push_back(fresh_key("2026-11", random_));
            return std::optional{std::move(made)};
        };
        require(store_.import(source, store::import_policy::add_only, wall_time{}));
    }

    void walk()
    {
        std::size_t keys = 0;
        require(store_.for_each_device([&](store::stored_device&& one) { keys += one.keys.size(); })
        );
        if (keys != devices_)
            std::exit(1);
    }

    void reseal() { require(store_.reseal({})); }
    void find(std::size_t number) { require(store_.find(device(number))); }
    void read_counter() { require(store_.change_counter()); }

    void rotate(std::size_t number)
    {
        auto const key = fresh_key("2027-05", random_);
        require(
            store_.rotate(device(number), key, {.close_old_at = wall_time{}, .now = wall_time{}})
        );
    }

    void revoke(std::size_t number)
    {
        require(store_.revoke_key(device(number), "2026-11", wall_time{}));
    }

    // Milliseconds, sorted, over devices that lie far apart.
    template <class Change>
    std::vector<double> times(Change const& change)
    {
        std::vector<double> seen;
        auto const count = std::min(single_changes, devices_);
        for (std::size_t i = 0; i < count; ++i)
            seen.push_back(1'000 * seconds([&] { change(i * (devices_ / count)); }));
        std::sort(seen.begin(), seen.end());
        return seen;
    }

private:
    static store::device_store open(std::string const& file, crypto::random_source& random)
    {
        store::store_options const options{.file = file, .mode = store::open_mode::create};
        return require(store::device_store::open(options, {}, random));
    }

    std::size_t devices_;
    crypto::system_random random_;
    store::device_store store_;
};

void print_times(char const* what, std::vector<double> const& sorted)
{
    std::printf(
        "%-40s %9.3f %9.3f %9.3f\n",
        what,
        sorted[sorted.size() / 2],
        sorted[sorted.size() * 99 / 100],
        sorted.back()
    );
}

void measure(std::string const& file, std::size_t devices)
{
    tenant opened{file, devices};
    std::printf("%zu devices with one key of 32 bytes each\n", devices);
    std::printf("%-40s %9s %9s\n", "", "seconds", "CPU");
    print_seconds("import, one transaction", [&] { opened.load(); });
    print_seconds("for_each_device, secrets opened", [&] { opened.walk(); });
    print_seconds("reseal, one transaction", [&] { opened.reseal(); });
    std::printf(
        "%-40s %9.1f\n",
        "main file, MB",
        static_cast<double>(std::filesystem::file_size(file)) / 1e6
    );
    std::printf("\n%-40s %9s %9s %9s\n", "one device, milliseconds", "median", "99 %", "most");
    print_times("find", opened.times([&](std::size_t number) { opened.find(number); }));
    print_times("change_counter", opened.times([&](std::size_t) { opened.read_counter(); }));
    print_times("rotate", opened.times([&](std::size_t number) { opened.rotate(number); }));
    print_times("revoke_key", opened.times([&](std::size_t number) { opened.revoke(number); }));
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** arguments)
{
    auto const devices =
        count > 1 ? static_cast<std::size_t>(std::strtoull(arguments[1], nullptr, 10)) : 100'000;
    if (devices == 0) {
        std::fprintf(stderr, "usage: store_cost [DEVICES] [FOLDER]\n");
        return 2;
    }
    auto const base =
        count > 2 ? std::filesystem::path{arguments[2]} : std::filesystem::temp_directory_path();
    auto pattern = (base / "gatehouse-store-cost-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        std::perror("store_cost");
        return 1;
    }
    gatehouse::bench::measure(pattern + "/devices.db", devices);
    std::filesystem::remove_all(pattern);
    return 0;
}
