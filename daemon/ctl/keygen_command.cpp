#include "keygen_command.h"

#include "base/hex.h"
#include "call.h"
#include "crypto/ed25519.h"
#include "crypto/random.h"
#include "crypto/x25519.h"
#include "failure.h"
#include "key_text.h"
#include "output.h"
#include "request_body.h"
#include "secret_file.h"
#include "secret_output.h"
#include "visible_text.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <unistd.h>

namespace gatehouse::ctl {

namespace {

// Both kinds have the same sizes.
using private_key = crypto::x25519_private;
static_assert(std::is_same_v<private_key, crypto::ed25519_private>);

std::optional<key_format> wanted_format(call const& what)
{
    auto const word = what.words.text("--format");
    return word ? std::optional{parse_key_format(*word)} : std::nullopt;
}

auto public_half(call const& what, private_key const& own)
{
    return what.words.operand(0) == "ed25519" ? crypto::ed25519_public_of(own)
                                              : crypto::x25519_public_of(own);
}

// Bytes that are no text are for files: beside one, the public key is shown as credentials take it.
std::string public_text(call const& what, private_key const& own)
{
    auto const half = public_half(what, own);
    auto const format = wanted_format(what);
    if (!format || *format == key_format::raw)
        return "hex:" + to_hex(half);
    std::string text{key_text(half, *format)};
    text.pop_back();  // the end of its line
    return text;
}

std::string report_of(call const& what, private_key const& own, std::string_view file)
{
    auto const type = what.words.operand(0);
    auto const half = public_text(what, own);
    if (what.form == output_form::text)
        return half + '\n';
    return boost::json::serialize(boost::json::object{
               {"type", type}, {"public", half}, {"file", file}}) +
           '\n';
}

int show_public(call const& what, std::string_view path)
{
    auto const read = read_key(std::string{path}, length_of_32);
    auto const own = private_key::from(read.expose().first<crypto::x25519_size>());
    if (wanted_format(what) != key_format::raw) {
        print(report_of(what, own, path));
        return 0;
    }
    if (what.form == output_form::json)
        throw usage_error{"--format raw is no text, and so nothing for --json"};
    print(as_text(public_half(what, own)));
    return 0;
}

int make_key(call const& what, std::string_view path)
{
    if (path == "-" && what.form == output_form::json)
        throw usage_error{"--out - and --json would both write to standard output"};
    secret_output out{path, kind_of(STDOUT_FILENO)};
    private_key own;
    crypto::system_random{}.fill(own.expose_mutable());
    try {
        out.write(key_text(own.expose(), wanted_format(what).value_or(key_format::raw)));
    } catch (failure const&) {
        throw failure{"failed", visible(path) + " cannot be written; there is no key"};
    }
    out.tell(report_of(what, own, path));
    return 0;
}

// It goes where secrets go: as one line, which can be pasted as well as named as a file.
int make_pre_shared(call const& what)
{
    if (what.words.has("--public"))
        throw usage_error{"a pre-shared key has no public half"};
    secret_output out{what.words.text("--out"), kind_of(STDOUT_FILENO)};
    private_key drawn;
    crypto::system_random{}.fill(drawn.expose_mutable());
    auto const format = wanted_format(what);
    if (format && what.form == output_form::json)
        throw usage_error{"--json has a form of its own; leave --format out"};
    wiped_string line{"hex:"};
    append_hex(drawn.expose(), line);
    if (what.form == output_form::json) {
        request_body made;
        made.add("type", std::string_view{"psk"});
        made.add("secret", std::string_view{line});
        line = made.text();
    }
    line += '\n';
    out.write(format ? key_text(drawn.expose(), *format) : line);
    if (!out.file().empty())
        out.tell("written to " + visible(out.file()) + '\n');
    return 0;
}

}  // namespace

int run_keygen(call const& what)
{
    auto const type = what.words.operand(0);
    if (type == "psk")
        return make_pre_shared(what);
    if (type != "ed25519" && type != "x25519")
        throw usage_error{
            "keys are of the type psk (for usmp), ed25519 (for spp) or x25519 (for pssst)"};
    auto const existing = what.words.text("--public");
    auto const made = what.words.text("--out");
    if (existing && made)
        throw usage_error{"--public reads a key and --out makes one; say one of them"};
    if (!existing && !made)
        throw usage_error{"keygen needs --out FILE for a new key, or --public FILE for the public "
                          "half of one that exists"};
    return existing ? show_public(what, *existing) : make_key(what, *made);
}

}  // namespace gatehouse::ctl
