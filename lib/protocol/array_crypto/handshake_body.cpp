#include "protocol/array_crypto/handshake_body.h"

#include "base/hex.h"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace gatehouse::array_crypto {

namespace {

constexpr std::size_t depth_limit = 4;
constexpr std::size_t usual_body = 1024;

boost::json::parse_options strict_options()
{
    boost::json::parse_options made;
    made.max_depth = depth_limit;
    return made;
}

handshake_verdict judge_hash(profile by, std::string_view hash)
{
    if (hash.size() != 2 * hash_size(by))
        return handshake_verdict::bad_format;
    bool const is_hex =
        std::all_of(hash.begin(), hash.end(), [](char digit) { return hex_digit(digit) >= 0; });
    if (is_hex)
        return handshake_verdict::good;
    return by == profile::v1 ? handshake_verdict::bad_format : handshake_verdict::bad_hex;
}

}  // namespace

handshake_verdict judge_handshake(profile by, bytes body)
{
    std::array<unsigned char, usual_body> memory{};
    boost::json::monotonic_resource resource{memory.data(), memory.size()};
    boost::system::error_code failure;
    auto const parsed = boost::json::parse(as_text(body), failure, &resource, strict_options());
    auto const* object = failure ? nullptr : parsed.if_object();
    auto const* hash = object == nullptr ? nullptr : object->if_contains("hash");
    auto const* text = hash == nullptr ? nullptr : hash->if_string();
    if (text == nullptr)
        return handshake_verdict::no_hash;
    return judge_hash(by, {text->data(), text->size()});
}

}  // namespace gatehouse::array_crypto
