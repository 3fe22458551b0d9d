#include "base/hex.h"
#include "base/session_id.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

TEST(session_id, says_where_it_lives)
{
    auto const id = session_id::make(7, 0x1234, 0xffffff0102030405);
    EXPECT_EQ(id.worker(), 7);
    EXPECT_EQ(to_hex(id.bytes()), "0712340102030405");
    EXPECT_EQ(id.string(), "0712340102030405");
    EXPECT_EQ(id.value(), 0x0712340102030405U);
}

TEST(session_id, text_comes_back)
{
    auto const id = session_id::make(255, 65535, 0xabcdef0123);
    EXPECT_EQ(id.string(), "ffffffabcdef0123");
    EXPECT_EQ(session_id::parse(id.string()), id);
    EXPECT_EQ(session_id::parse("FFFFFFABCDEF0123"), id);
    EXPECT_EQ(session_id::parse("0000000000000000"), session_id{});
}

TEST(session_id, other_texts_are_none)
{
    for (auto const* text :
         {"",
          "0",
          "000000000000000",
          "00000000000000000",
          "000000000000000g",
          " 000000000000000",
          "0x00000000000000"})
        EXPECT_FALSE(session_id::parse(text)) << text;
}

}  // namespace
}  // namespace gatehouse::test
