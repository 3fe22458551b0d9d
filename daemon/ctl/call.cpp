#include "call.h"

#include "failure.h"

#include <cstdlib>

namespace gatehouse::ctl {

namespace {

constexpr char const* usual_socket = "/run/gatehouse/admin.sock";
constexpr std::chrono::seconds usual_patience{60};

std::string socket_of(arguments const& words)
{
    if (auto const written = words.text("--socket")) {
        if (written->empty())
            throw usage_error{"--socket needs a path"};
        return std::string{*written};
    }
    auto const* const set = std::getenv("GATEHOUSE_ADMIN_SOCKET");
    return set && *set ? set : usual_socket;
}

}  // namespace

call make_call(arguments const& words)
{
    auto const patience = words.seconds("--timeout").value_or(usual_patience);
    return {
        words,
        {socket_of(words), std::chrono::duration_cast<std::chrono::milliseconds>(patience)},
        words.has("--json") ? output_form::json : output_form::text};
}

}  // namespace gatehouse::ctl
