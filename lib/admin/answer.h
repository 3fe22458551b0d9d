// What an operator is answered: an HTTP status and a JSON document.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace gatehouse::admin {

struct answer {
    unsigned status = 200;
    std::string body;
    std::string allow;  // the methods that a path has, where another one was used
};

// {"error": {"code": ..., "message": ...}} (docs/reference/admin-api.md, "Errors").
struct refusal {
    unsigned status = 400;
    std::string_view code;  // static storage
    std::string message;
    std::string allow = {};
};

answer answer_with(boost::json::value const& document);
answer answer_with(refusal const& why);
// `more` stands beside code and message.
answer answer_with(refusal const& why, boost::json::object const& more);

}  // namespace gatehouse::admin
