#include "admin/answer.h"

#include "base/bytes.h"
#include "base/utf8.h"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace gatehouse::admin {

namespace {

// What was asked may be quoted in it, and need not be text: JSON must be.
std::string readable(std::string message)
{
    if (!is_utf8(as_bytes(message)))
        std::replace_if(
            message.begin(),
            message.end(),
            [](char one) { return static_cast<unsigned char>(one) >= 0x80; },
            '?'
        );
    return message;
}

}  // namespace

answer answer_with(boost::json::value const& document)
{
    return {200, boost::json::serialize(document) + '\n', {}};
}

answer answer_with(refusal const& why)
{
    return answer_with(why, {});
}

answer answer_with(refusal const& why, boost::json::object const& more)
{
    boost::json::object error{{"code", why.code}, {"message", readable(why.message)}};
    for (auto const& [key, value] : more)
        error.insert_or_assign(key, value);
    return {
        why.status,
        boost::json::serialize(boost::json::object{{"error", error}}) + '\n',
        why.allow,
    };
}

}  // namespace gatehouse::admin
