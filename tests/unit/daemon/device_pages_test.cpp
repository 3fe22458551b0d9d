// A list of devices names each once, in order, and costs few walks through the fleet.
#include "../../../daemon/device_pages.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::test {
namespace {

using identity::device_id;

std::shared_ptr<identity::keyring const> fleet_of(unsigned size)
{
    identity::keyring::parts parts;
    for (unsigned i = 0; i < size; ++i)
        parts.devices.add(
            device_id::from_mac(std::array<std::uint8_t, 6>{
                2,
                0,
                0,
                static_cast<std::uint8_t>(i >> 16),
                static_cast<std::uint8_t>(i >> 8),
                static_cast<std::uint8_t>(i)}),
            identity::psk_device{}
        );
    return std::make_shared<identity::keyring const>(
        std::move(parts), secret_bytes{pattern_bytes(32)}
    );
}

std::vector<device_id> all_pages(
    device_pages& pages, std::shared_ptr<identity::keyring const> const& ring, std::size_t size
)
{
    std::vector<device_id> all;
    for (auto page = pages.page(ring, std::nullopt, size); !page.empty();
         page = pages.page(ring, all.back(), size))
        all.insert(all.end(), page.begin(), page.end());
    return all;
}

bool is_in_order(std::vector<device_id> const& all)
{
    return std::adjacent_find(all.begin(), all.end(), [](auto const& one, auto const& next) {
               return !one.precedes(next);
           }) == all.end();
}

TEST(device_pages, name_each_device_once_and_in_order)
{
    for (unsigned const devices : {0U, 1U, 99U, 100U, 101U, 16'384U, 40'000U}) {
        device_pages pages;
        auto const all = all_pages(pages, fleet_of(devices), 100);
        EXPECT_EQ(all.size(), devices);
        EXPECT_TRUE(is_in_order(all)) << devices;
    }
}

TEST(device_pages, take_one_walk_for_many)
{
    device_pages pages;
    all_pages(pages, fleet_of(40'000), 100);
    EXPECT_LE(pages.walks(), 4U) << "400 pages";
}

TEST(device_pages, begin_anywhere_and_follow_what_changed)
{
    device_pages pages;
    auto const ring = fleet_of(20'000);
    auto const all = all_pages(pages, ring, 1000);
    for (std::size_t const at : {19'500U, 3U, 16'383U, 0U, 10'000U}) {
        auto const page = pages.page(ring, all[at], 7);
        ASSERT_EQ(page.size(), 7U) << at;
        EXPECT_EQ(page.front(), all[at + 1]) << at;
    }
    EXPECT_EQ(pages.page(ring, std::nullopt, 1).front(), all.front());
    EXPECT_EQ(pages.page(fleet_of(5), std::nullopt, 100).size(), 5U) << "another state";
    EXPECT_EQ(pages.page(ring, std::nullopt, 20'001).size(), 20'000U);
}

}  // namespace
}  // namespace gatehouse::test
