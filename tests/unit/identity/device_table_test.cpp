#include "identity/device_table.h"
#include "keyring_fixture.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using identity::device_table_builder;
using identity::listed_device;

identity::device_id numbered(unsigned number)
{
    std::array<std::uint8_t, 6> const mac{
        2, 0, 0, 0, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
    return identity::device_id::from_mac(mac);
}

TEST(device_table, may_be_empty)
{
    auto const table = device_table_builder{}.finish();
    EXPECT_EQ(table->size(), 0U);
    EXPECT_EQ(table->find(numbered(1)), std::nullopt);
}

TEST(device_table, gives_back_what_was_put_in)
{
    device_table_builder builder;
    for (unsigned i = 0; i < 5000; ++i) {
        identity::psk_device device;
        device.name = i % 3 == 0 ? "device " + std::to_string(i) : "";
        for (unsigned k = 0; k < i % 4; ++k)
            device.keys.push_back(
                key(k, std::string(16 + i % 50, static_cast<char>('a' + k)), {noon, noon + k * day})
            );
        builder.add(numbered(i), device);
    }
    auto const table = builder.finish();
    ASSERT_EQ(table->size(), 5000U);
    EXPECT_EQ(table->most_keys(), 3U);
    EXPECT_EQ(table->kinds().size(), 3U);
    for (unsigned i = 0; i < 5000; ++i) {
        auto const row = table->find(numbered(i));
        ASSERT_TRUE(row);
        listed_device const device{*table, *row};
        ASSERT_EQ(table->id(*row), numbered(i));
        ASSERT_EQ(device.name(), i % 3 == 0 ? "device " + std::to_string(i) : "");
        ASSERT_EQ(device.key_count(), i % 4);
        for (unsigned k = 0; k < i % 4; ++k) {
            auto const found = device.key(k);
            ASSERT_EQ(found.id, k);
            ASSERT_EQ(found.window, (identity::key_window{noon, noon + k * day}));
            ASSERT_EQ(text_of(found.value), std::string(16 + i % 50, static_cast<char>('a' + k)));
        }
    }
    EXPECT_EQ(table->find(numbered(5000)), std::nullopt);
    EXPECT_EQ(builder.finish()->size(), 0U) << "the builder is empty again";
}

TEST(secret_arena, keeps_secrets_of_any_length)
{
    identity::secret_arena arena;
    std::vector<std::pair<std::uint32_t, std::string>> kept;
    for (std::size_t size = 0; size <= identity::secret_arena::block_size; size += 97) {
        std::string const value(size, static_cast<char>('a' + size % 26));
        kept.emplace_back(arena.add(as_bytes(value)), value);
    }
    for (auto const& [slot, value] : kept)
        ASSERT_EQ(text_of(arena.at(slot, value.size())), value);
}

}  // namespace
}  // namespace gatehouse::test
