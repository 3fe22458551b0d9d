#include "device_secret_commands.h"

#include "call.h"
#include "document.h"
#include "failure.h"
#include "output.h"
#include "request_body.h"
#include "secret_file.h"
#include "secret_output.h"
#include "show.h"
#include "target.h"
#include "visible_text.h"

#include <boost/json/object.hpp>

#include <cstring>
#include <optional>
#include <string_view>

#include <unistd.h>

namespace gatehouse::ctl {

namespace {

namespace json = boost::json;

// What the operator's own key is sent as.
wiped_string secret_from(std::string_view path)
{
    auto const read = read_key(std::string{path}, any_length);
    wiped_string made{"hex:"};
    append_hex(read.expose(), made);
    return made;
}

secret_output make_output(call const& what)
{
    return secret_output{what.words.text("--out"), kind_of(STDOUT_FILENO)};
}

// Line by line, without what could drive a terminal.
wiped_string shown(std::string_view secret)
{
    wiped_string made;
    while (!secret.empty()) {
        auto const end = secret.find('\n');
        auto line = visible(secret.substr(0, end));
        made.append(line).append("\n");
        ::explicit_bzero(line.data(), line.size());
        secret.remove_prefix(end == std::string_view::npos ? secret.size() : end + 1);
    }
    return made;
}

// The document to where secrets go, or `text` of it and `secret` with a newline.
struct handed_out {
    wiped_string const& document;
    std::string text;
    std::string_view secret;
};

void hand_out(call const& what, secret_output& out, handed_out const& got)
{
    if (what.form == output_form::json) {
        auto line = visible_document(got.document) + '\n';
        out.write(line);
        ::explicit_bzero(line.data(), line.size());
        return;
    }
    if (got.secret.empty())
        throw failure{"bad_answer", "the daemon's answer holds no secret"};
    wiped_string line{got.secret};
    if (!line.ends_with('\n'))
        line += '\n';
    out.is_shown() ? out.write(shown(line)) : out.write(line);
    out.tell(got.text);
    if (!out.file().empty())
        out.tell("written to " + visible(out.file()) + '\n');
}

// Of `add` and `rotate`.
std::string key_outcome(json::object const& from, arguments const& words)
{
    auto const happened = words.what->name == "device add" ? " added" : " rotated";
    auto const closes = text_in(from, "closes");
    return "device " + visible(words.operand(0)) + happened + ", key " +
           cell(object_in(from, "key"), "id") +
           (closes.empty() ? "" : ", older keys close at " + visible(closes)) + '\n';
}

// A command that makes a key, unless the operator brings one.
int make_key(call const& what, std::string const& path, request_body const& body)
{
    question const asked{verb::post, path, body.text()};
    if (what.words.has("--secret-file"))
        return show_done(what, asked, key_outcome);
    auto out = make_output(what);
    auto const answer = ask(what.door, asked);
    auto const document = parse_document(answer);
    auto const secret = text_in(object_in(document, "key"), "secret");
    hand_out(what, out, {answer, key_outcome(document, what.words), secret});
    return 0;
}

void refuse_useless_out(call const& what)
{
    if (what.words.has("--secret-file") && what.words.has("--out"))
        throw usage_error{
            "--out is for keys that the daemon makes; with --secret-file it has none"};
}

}  // namespace

int run_device_add(call const& what)
{
    auto const& words = what.words;
    refuse_useless_out(what);
    request_body key;
    key.add("id", words.text("--key-id"));
    if (auto const file = words.text("--secret-file"))
        key.add("secret", std::string_view{secret_from(*file)});
    key.add("not_before", words.text("--not-before"));
    key.add("not_after", words.text("--not-after"));
    request_body body;
    body.add("device", words.operand(0));
    body.add("name", words.text("--name"));
    body.add("credentials", words.text("--credentials"));
    body.add("key", key);
    return make_key(what, "/v1/devices", body);
}

int run_device_rotate(call const& what)
{
    auto const& words = what.words;
    refuse_useless_out(what);
    request_body body;
    body.add("credentials", words.text("--credentials"));
    body.add("id", words.text("--key-id"));
    if (auto const file = words.text("--secret-file"))
        body.add("secret", std::string_view{secret_from(*file)});
    body.add("overlap", words.text("--overlap"));
    target path{"/v1/devices"};
    path.segment(words.operand(0)).segment("rotate");
    return make_key(what, path.text(), body);
}

int run_device_psk(call const& what)
{
    auto const& words = what.words;
    auto out = make_output(what);
    request_body body;
    body.add("credentials", words.text("--credentials"));
    body.add("id", words.text("--key-id"));
    target path{"/v1/devices"};
    path.segment(words.operand(0)).segment("psk");
    auto const answer = ask(what.door, {verb::post, path.text(), body.text()});
    auto const document = parse_document(answer);
    auto const text =
        "device " + cell(document, "device") + " shown, key " + cell(document, "id") + '\n';
    hand_out(what, out, {answer, text, text_in(document, "secret")});
    return 0;
}

int run_device_export(call const& what)
{
    auto out = make_output(what);
    target path{"/v1/export"};
    path.parameter("credentials", what.words.text("--credentials"));
    auto const answer = ask(what.door, {verb::post, path.text()});
    auto const document = parse_document(answer);
    hand_out(what, out, {answer, {}, text_in(document, "file")});
    return 0;
}

}  // namespace gatehouse::ctl
