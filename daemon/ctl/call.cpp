#include "call.h"

#include "base/environment.h"
#include "failure.h"

namespace gatehouse::ctl {

namespace {

constexpr std::string_view usual_socket = "/run/gatehouse/admin.sock";
constexpr std::chrono::seconds usual_patience{60};

std::string socket_of(arguments const& words)
{
    if (auto const written = words.text("--socket")) {
        if (written->empty())
            throw usage_error{"--socket needs a path"};
        return std::string{*written};
    }
    auto const set = environment("GATEHOUSE_ADMIN_SOCKET");
    return std::string{set.empty() ? usual_socket : set};
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
