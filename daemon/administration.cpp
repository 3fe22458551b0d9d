#include "administration.h"

#include "admin_documents.h"
#include "answer_in_any_case.h"
#include "attempt.h"
#include "config/log_level.h"
#include "net/clock.h"

#include <boost/asio/post.hpp>

#include <memory>
#include <utility>
#include <variant>

namespace gatehouse {

namespace {

std::string_view result_of(admin::answer const& made)
{
    if (made.status < 400)
        return "done";
    return made.status < 500 ? "refused" : "failed";
}

// The device that is to be added, which stands in the body.
std::string new_device_of(admin::request const& asked)
{
    auto const parsed = admin::parse(asked);
    auto const* whole = std::get_if<admin::command>(&parsed);
    return whole == nullptr ? std::string{} : whole->find("device").value_or("");
}

}  // namespace

administration::administration(supervisor& daemon, audit_log& audit)
    : daemon_{daemon}
    , audit_{audit}
    , started_{read_wall_clock()}
    , started_at_{read_clock()}
{
}

void administration::handle(admin::request asked, reply to)
{
    auto const answer =
        answer_in_any_case(daemon_.context(), alive_, audited(asked, std::move(to)));
    auto const failure = attempt("administration", [&] { carry_out(asked, answer); });
    if (!failure.empty())
        answer(admin::answer_with(admin::refusal{500, "failed", failure}));
}

// Whoever asks to change something, or to see a secret, leaves a line, whatever he is answered. It
// is written before the answer goes out.
administration::reply administration::audited(admin::request const& asked, reply to)
{
    auto const known = admin::recognise(asked.method, asked.target);
    if (!known || !admin::changes_something(known->what))
        return to;
    auto subject = known->what == admin::verb::add_device ? new_device_of(asked) : known->subject;
    return [this, who = asked.who, verb = known->what, about = std::move(subject), to](
               admin::answer made
           ) {
        audit_.write({who, admin::name_of(verb), about, made.status, result_of(made)});
        to(std::move(made));
    };
}

// Who has no right to it may try as often as he likes: the lines are sampled.
void administration::turned_away(admin::requester const& who)
{
    auto const left_out = refusals_.allow(read_clock(), error{}, 0);
    if (left_out)
        audit_.write({who, "connect", {}, 403, "refused", *left_out});
}

void administration::carry_out(admin::request const& asked, reply answer)
{
    auto const parsed = admin::parse(asked);
    if (auto const* wrong = std::get_if<admin::refusal>(&parsed)) {
        answer(admin::answer_with(*wrong));
        return;
    }
    auto const& what = std::get<admin::command>(parsed);
    if (admin::changes_something(what.what))
        change(what, std::move(answer));
    else
        read(what, std::move(answer));
}

void administration::read(admin::command const& what, reply answer)
{
    using admin::verb;
    switch (what.what) {
    case verb::version:
        answer(admin::answer_with(version_document()));
        return;
    case verb::status:
        answer(admin::answer_with(status()));
        return;
    case verb::credentials:
        answer(admin::answer_with(boost::json::object{{"credentials", credential_sets()}}));
        return;
    case verb::log_level:
        answer(admin::answer_with(boost::json::object{
            {"level", config::name_of(daemon_.log_options().level)}}));
        return;
    case verb::sessions:
        list_sessions(what, std::move(answer));
        return;
    case verb::keys:
        list_keys(what, std::move(answer));
        return;
    case verb::stale_devices:
        list_stale(what, std::move(answer));
        return;
    case verb::devices:
        list_devices(what, std::move(answer));
        return;
    case verb::device:
        show_device(what, std::move(answer));
        return;
    default:
        break;
    }
}

void administration::change(admin::command const& what, reply answer)
{
    using admin::verb;
    switch (what.what) {
    case verb::reload:
        reload(std::move(answer));
        return;
    case verb::drain:
        answer(admin::answer_with(boost::json::object{{"done", true}}));
        boost::asio::post(daemon_.context(), [this] { daemon_.begin_drain(); });
        return;
    case verb::set_log_level:
        set_log_level(what, answer);
        return;
    case verb::close_session:
        close_session(what, std::move(answer));
        return;
    case verb::provisioning_key:
        show_psk(what, answer);
        return;
    default:
        change_store(what, std::move(answer));
        return;
    }
}

void administration::reload(reply answer)
{
    daemon_.reload(
        reload_scope::everything,
        [reply_to = std::move(answer)](reload_outcome const& outcome) {
            if (outcome.done()) {
                boost::json::array changes(outcome.changes.begin(), outcome.changes.end());
                reply_to(admin::answer_with(boost::json::object{
                    {"done", true},
                    {"generation", outcome.generation},
                    {"changes", std::move(changes)},
                }));
                return;
            }
            reply_to(admin::answer_with(
                admin::refusal{422, "refused", "nothing was changed"},
                boost::json::object{{"problems", problems_document(outcome.problems)}}
            ));
        }
    );
}

void administration::set_log_level(admin::command const& what, reply const& answer)
{
    auto const level = config::log_level_named(what.find("level").value_or(""));
    if (!level) {
        answer(admin::answer_with(admin::refusal{
            400, "bad_request", "\"level\" must be debug, info, warn or error"}));
        return;
    }
    daemon_.set_log_level(*level);
    answer(admin::answer_with(boost::json::object{{"done", true}}));
}

void administration::close_session(admin::command const& what, reply answer)
{
    auto const id = session_id::parse(what.subject);
    admin::refusal const unknown{404, "unknown_session", "there is no such session"};
    if (!id || id->worker() >= daemon_.workers().size()) {
        answer(admin::answer_with(unknown));
        return;
    }
    auto const reply_to = [this, unknown, to = std::move(answer)](bool found) {
        boost::asio::post(daemon_.context(), [unknown, to, found] {
            to(found ? admin::answer_with(boost::json::object{{"done", true}})
                     : admin::answer_with(unknown));
        });
    };
    daemon_.workers()[id->worker()]->post_close(*id, reply_to);
}

std::variant<std::size_t, admin::refusal> administration::credentials_of(admin::command const& what
) const
{
    auto const& slots = daemon_.snapshot().credentials;
    auto const name = what.find("credentials");
    std::optional<std::size_t> only;
    for (std::size_t slot = 0; slot < slots.size(); ++slot) {
        if (slots[slot].name.empty() || (name && slots[slot].name != *name))
            continue;
        if (only)
            return admin::refusal{
                409, "ambiguous", "there are several credential sets; name one (\"credentials\")"};
        only = slot;
    }
    if (only)
        return *only;
    return admin::refusal{404, "unknown_credentials", "there is no such credential set"};
}

}  // namespace gatehouse
