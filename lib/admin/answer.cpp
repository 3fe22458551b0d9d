#include "admin/answer.h"

#include <boost/json/serialize.hpp>

namespace gatehouse::admin {

answer answer_with(boost::json::value const& document)
{
    return {200, boost::json::serialize(document) + '\n'};
}

answer answer_with(refusal const& why)
{
    return answer_with(why, {});
}

answer answer_with(refusal const& why, boost::json::object const& more)
{
    boost::json::object error{{"code", why.code}, {"message", why.message}};
    for (auto const& [key, value] : more)
        error.insert_or_assign(key, value);
    return {why.status, boost::json::serialize(boost::json::object{{"error", error}}) + '\n'};
}

}  // namespace gatehouse::admin
