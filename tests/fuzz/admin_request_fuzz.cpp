// Requests of operators: any method, target and body give a command or a refusal. A command that
// changes something comes through no read-only socket, and what is parsed can be asked for.
//
// Input: "METHOD TARGET\n" and the body; a method in small letters comes over the read-only socket.
#include "admin/command.h"
#include "base/bytes.h"
#include "fuzz/require.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace {

namespace admin = gatehouse::admin;
using gatehouse::test::require;

admin::request request_of(std::string_view input)
{
    admin::request made;
    auto const line = input.substr(0, input.find('\n'));
    auto const space = std::min(line.find(' '), line.size());
    made.method = line.substr(0, space);
    made.target = line.substr(std::min(space + 1, line.size()));
    made.body = input.substr(std::min(line.size() + 1, input.size()));
    if (!made.method.empty() && std::islower(static_cast<unsigned char>(made.method[0])) != 0)
        made.socket = admin::socket_kind::read_only;
    for (auto& letter : made.method)
        letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    return made;
}

void check(admin::refusal const& why)
{
    require(why.status >= 400 && why.status < 500 && !why.code.empty() && !why.message.empty());
    auto const shown = boost::json::parse(admin::answer_with(why).body);
    require(shown.at("error").at("code").as_string() == why.code);
}

void check(admin::command const& what, admin::request const& asked)
{
    require(!admin::name_of(what.what).empty());
    bool const changes = admin::changes_something(what.what);
    require(!changes || asked.socket == admin::socket_kind::full);
    require(changes || asked.method == "GET");
    auto const limit = what.limit(admin::usual_rows);
    require(limit >= 1 && limit <= admin::most_rows);
    for (auto const& [name, value] : what.parameters)
        require(what.find(name) == value);
    for (auto const& member : what.body)
        require(member.value().is_string() || member.key() == "key");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const asked = request_of(gatehouse::as_text({data, size}));
    auto const parsed = admin::parse(asked);
    if (auto const* why = std::get_if<admin::refusal>(&parsed))
        check(*why);
    else
        check(std::get<admin::command>(parsed), asked);
    return 0;
}
