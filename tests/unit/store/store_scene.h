// A store in a folder of its own, with devices to put into it.
#pragma once

#include "base/bytes.h"
#include "crypto/random.h"
#include "store/device_store.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <stdlib.h>
#include <sys/stat.h>

namespace gatehouse::store::testing {

inline wall_time at(std::int64_t seconds)
{
    return wall_time{std::chrono::seconds{seconds}};
}

inline crypto::aead_key seal_key(std::uint8_t first = 1)
{
    crypto::aead_key key;
    for (auto& byte : key.expose_mutable())
        byte = first++;
    return key;
}

inline identity::device_id device(std::uint32_t number)
{
    std::array<std::uint8_t, 6> const mac{
        2,
        0,
        static_cast<std::uint8_t>(number >> 24),
        static_cast<std::uint8_t>(number >> 16),
        static_cast<std::uint8_t>(number >> 8),
        static_cast<std::uint8_t>(number),
    };
    return identity::device_id::from_mac(mac);
}

inline new_key key(std::string id, std::string_view secret, identity::key_window window = {})
{
    return {.id = std::move(id), .secret = secret_bytes{as_bytes(secret)}, .window = window};
}

// A device with the one key "k1".
inline new_device enrolled(std::uint32_t number, std::string_view secret = "a secret of sixteen")
{
    new_device made{.id = device(number), .name = "boiler-" + std::to_string(number), .keys = {}};
    made.keys.push_back(key("k1", secret));
    return made;
}

inline std::string secret_of(stored_key const& of)
{
    return std::string{as_text(of.secret.expose())};
}

// What an outcome failed with; internal when it did not fail, which no test expects.
template <class T>
failure_kind kind_of(outcome<T> const& of)
{
    EXPECT_FALSE(of) << "did not fail";
    return of.error().kind;
}

template <class T>
void expect_done(
    outcome<T> const& of, std::source_location const where = std::source_location::current()
)
{
    if (!of)
        ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line())) << of.error().text;
}

class store_scene : public ::testing::Test {
protected:
    store_scene()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "gatehouse-store-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw std::runtime_error{"no scratch folder"};
        folder_ = pattern;
    }
    ~store_scene() override
    {
        std::error_code ignored;
        std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, ignored);
        std::filesystem::remove_all(folder_, ignored);
    }

    std::string path(std::string_view name = "devices.db") const
    {
        return (folder_ / name).string();
    }
    std::string folder() const { return folder_.string(); }

    store_options options(open_mode mode = open_mode::create) const
    {
        return {.file = path(), .mode = mode, .busy_wait = std::chrono::milliseconds{20}};
    }

    outcome<device_store> try_open(open_mode mode = open_mode::existing, std::uint8_t seal = 1)
    {
        return device_store::open(options(mode), seal_key(seal), random_);
    }

    // An open store, or the end of the test.
    device_store store(open_mode mode = open_mode::create)
    {
        auto opened = try_open(mode);
        if (!opened)
            throw std::runtime_error{opened.error().text};
        return std::move(*opened);
    }

    static std::vector<stored_device> all(device_store& of)
    {
        std::vector<stored_device> seen;
        expect_done(of.for_each_device([&](stored_device&& one) { seen.push_back(std::move(one)); })
        );
        return seen;
    }

    static device_store::source from(std::vector<new_device>& devices)
    {
        return [&devices, next = std::size_t{0}]() mutable -> outcome<std::optional<new_device>> {
            if (next == devices.size())
                return std::optional<new_device>{};
            return std::optional<new_device>{std::move(devices[next++])};
        };
    }

    crypto::system_random random_;

private:
    std::filesystem::path folder_;
};

}  // namespace gatehouse::store::testing
