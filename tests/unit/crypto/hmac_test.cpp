#include "crypto/hmac.h"
#include "support/byte_string.h"
#include "support/reference_crypto.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

struct known_answer {
    byte_string key;
    byte_string message;
    std::string tag;
};

// RFC 4231; its case 5 is about a shortened tag.
std::vector<known_answer> known_answers()
{
    byte_string counting;
    for (std::uint8_t i = 1; i <= 25; ++i)
        counting.push_back(i);
    return {
        {byte_string(20, 0x0b),
         text_bytes("Hi There"),
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {text_bytes("Jefe"),
         text_bytes("what do ya want for nothing?"),
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {byte_string(20, 0xaa),
         byte_string(50, 0xdd),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {counting,
         byte_string(50, 0xcd),
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {byte_string(131, 0xaa),
         text_bytes("Test Using Larger Than Block-Size Key - Hash Key First"),
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {byte_string(131, 0xaa),
         text_bytes("This is a test using a larger than block-size key and a larger than "
                    "block-size data. The key needs to be hashed before being used by the HMAC "
                    "algorithm."),
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
}

TEST(hmac, known_answers)
{
    crypto::hmac_sha256 mac;
    for (auto const& known : known_answers())
        EXPECT_EQ(to_hex(mac.compute(known.key, {known.message})), known.tag);
}

TEST(hmac, parts_are_concatenated)
{
    crypto::hmac_sha256 mac;
    auto const message = pattern_bytes(200);
    auto const key = pattern_bytes(16, 3);
    auto const whole = mac.compute(key, {message});
    for (std::size_t at = 0; at <= message.size(); at += 13) {
        auto const first = bytes{message}.first(at);
        auto const rest = bytes{message}.subspan(at);
        EXPECT_EQ(mac.compute(key, {first, rest}), whole);
        EXPECT_EQ(mac.compute(key, {{}, first, {}, rest, {}}), whole);
    }
    EXPECT_EQ(copy_of(whole), reference::hmac_sha256(key, message));
}

TEST(hmac, empty_message)
{
    crypto::hmac_sha256 mac;
    auto const key = pattern_bytes(16, 3);
    EXPECT_EQ(copy_of(mac.compute(key, {})), reference::hmac_sha256(key, {}));
}

TEST(hmac, a_shorter_key_leaves_nothing_of_the_longer)
{
    crypto::hmac_sha256 mac;
    for (std::size_t size = 130; size > 0; --size) {
        auto const key = pattern_bytes(size, 1);
        EXPECT_EQ(
            copy_of(mac.compute(key, {bytes{key}.first(1)})),
            reference::hmac_sha256(key, bytes{key}.first(1))
        );
    }
}

}  // namespace
}  // namespace gatehouse::test
