#include "crypto/sha256.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace literals;

// FIPS 180-4's examples.
TEST(sha256, known_answers)
{
    crypto::sha256 hash;
    EXPECT_EQ(
        copy_of(hash.compute({})),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"_hex
    );
    auto const abc = "abc"_bytes;
    EXPECT_EQ(
        copy_of(hash.compute({abc})),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_hex
    );
}

TEST(sha256, parts_are_one_message)
{
    crypto::sha256 hash;
    auto const a = "a"_bytes;
    auto const bc = "bc"_bytes;
    auto const abc = "abc"_bytes;
    EXPECT_EQ(hash.compute({a, {}, bc}), hash.compute({abc}));
    EXPECT_NE(hash.compute({bc, a}), hash.compute({abc}));
}

}  // namespace
}  // namespace gatehouse::test
