// Any bytes to UPSS, in the ways that the first byte chooses: a stream to the gateway from its
// start; the same behind a good handshake; messages that were well sealed, with any text, mixed
// with answers of the backend and time; a sealed field, read strictly and leniently; a text in a
// package, written and read; a stream to a device. The second byte chooses how a stream is cut into
// pieces.
#include "base/utf8.h"
#include "device/upss_device.h"
#include "fuzz/require.h"
#include "protocol/upss/package_scan.h"
#include "support/upss_world.h"
#include "wire/reader.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace gatehouse::test {
namespace {

using namespace literals;

// What a device draws that has the usual key: so recorded answers get in.
byte_string const recorded_draw =
    "decd51816fd6016af3766299bcd99faece8959cd95d914ba9e833f0440dfe934"_hex;

constexpr std::size_t body_limit = 6000;
constexpr std::size_t max_reply = 600;

upss_world_setup fuzzed_world()
{
    upss_world_setup made;
    made.config.body_limit = body_limit;
    made.config.max_reply = max_reply;
    made.config.forward_plain = true;
    return made;
}

template <class Take>
void in_pieces(bytes data, std::uint8_t cuts, Take take)
{
    while (!data.empty()) {
        std::size_t const piece = cuts == 0 ? data.size() : 1 + cuts * 7U % 61;
        auto const now = data.first(std::min(piece, data.size()));
        take(now);
        data = data.subspan(now.size());
    }
}

class conversation {
public:
    void shake_hands() { talk_.shake_hands(); }

    void stream(bytes data, std::uint8_t cuts)
    {
        in_pieces(data, cuts, [&](bytes piece) {
            if (is_over())
                return;
            talk_.send(as_text(piece));
            if (!world_.keys.asked.empty()) {
                world_.keys.answer(usual_session_key);
                talk_.on_deadline();
            }
            check();
        });
    }

    void sealed(wire::reader in)
    {
        while (in.remaining() > 0 && !is_over()) {
            auto const choice = in.little<std::uint8_t>();
            auto const size = std::size_t{choice & 0x3fU} * (choice & 0x40U ? 16 : 1);
            auto const text = as_text(in.take(std::min(in.remaining(), size)));
            if (choice < 0x80)
                say(text);
            else if (choice < 0xc0)
                answer(text);
            else
                wait(std::chrono::milliseconds{200 * (choice & 0x3fU)});
            check();
        }
    }

private:
    bool is_over() const { return talk_.failed || talk_.live->ended(); }

    void say(std::string_view text) { talk_.send(talk_.message(text)); }

    void answer(std::string_view text)
    {
        auto const said = talk_.reply(text);
        require(text.size() <= max_reply || said.empty());
        if (!said.empty() && !text.empty())
            require(talk_.opened(said.front()) == text);
    }

    void wait(duration by)
    {
        world_.wait(by);
        if (talk_.live->deadline() <= world_.now)
            talk_.on_deadline();
    }

    void check()
    {
        require(talk_.up.empty() || talk_.live->facts().authenticated || is_over());
        require(talk_.plain.size() <= talk_.up.size());
        for (auto const& message : talk_.up)
            require(message.size() <= body_limit);
    }

    upss_world world_{fuzzed_world()};
    upss_conversation talk_{world_};
};

void judge_field(bytes raw)
{
    crypto::workbench crypto;
    auto text = text_bytes(usual_session_key);
    auto const key = std::move(*upss::read_field_key(text, upss::base64_reading::strict));
    auto strictly = copy_of(raw);
    auto leniently = strictly;
    auto const strict = open_field(crypto, key, strictly, upss::base64_reading::strict);
    auto const lenient = open_field(crypto, key, leniently, upss::base64_reading::lenient);
    if (strict)
        require(lenient && text_of(lenient->text) == text_of(strict->text));
    std::string made(upss::sealed_size(raw.size()), '\0');
    seal_field(crypto, key, {raw.size(), {}}, raw, as_mutable_bytes(made));
    auto const back = open_field(crypto, key, as_mutable_bytes(made), upss::base64_reading::strict);
    require(back && std::equal(raw.begin(), raw.end(), back->text.begin(), back->text.end()));
    require(back->seconds == raw.size());
}

void judge_package(bytes raw)
{
    wire_buffer out;
    upss::write_package({as_text(raw), upss::package_type::send, "status"}, as_text(raw), out);
    auto const written = out.all();
    require(std::all_of(written.begin(), written.end(), [](auto c) { return c >= 32 && c < 127; }));
    upss::package_scan scan;
    require(scan.look(written.first(written.size() - 1), written.size()) == 0U);
    require(scan.look(written, written.size() + 1) == written.size());
    upss::package_reader reader{written.size()};
    auto const said = reader.read(written);
    // The writer passes half of a surrogate pair on, which the reader does not take.
    require(said.has_value() || !is_utf8(raw));
    if (is_utf8(raw))
        require(said->path == as_text(raw) && said->status == said->path);
    // As it is, it is a package or not; the reader says so without the scan, too.
    if (auto const any = reader.read(raw))
        require(reader.plain().empty() || reader.plain().front() == '{');
}

void judge_device(bytes data, std::uint8_t cuts)
{
    crypto::workbench crypto;
    scripted_random random{recorded_draw};
    upss::package_reader packages{body_limit};
    device::upss_environment env{crypto, random, packages};
    device::upss_device device{env, {.package_limit = body_limit}};
    output out;
    device.start(out);
    byte_string waiting;
    bool broken = false;
    in_pieces(data, cuts, [&](bytes piece) {
        if (broken)
            return;
        append(waiting, piece);
        out.clear();
        auto const taken = device.receive({}, waiting, out);
        broken = !taken;
        require(out.up.empty() || device.established() || device.dismissed());
        if (taken)
            waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(*taken));
    });
}

}  // namespace
}  // namespace gatehouse::test

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace gatehouse;
    wire::reader in{{data, size}};
    auto const way = in.little<std::uint8_t>();
    auto const cuts = in.little<std::uint8_t>();
    if (!in.ok())
        return 0;
    switch (way % 6) {
    case 3:
        test::judge_field(in.take_rest());
        return 0;
    case 4:
        test::judge_package(in.take_rest());
        return 0;
    case 5:
        test::judge_device(in.take_rest(), cuts);
        return 0;
    default:
        break;
    }
    test::conversation talk;
    if (way % 6 != 0)
        talk.shake_hands();
    if (way % 6 == 2)
        talk.sealed(in);
    else
        talk.stream(in.take_rest(), cuts);
    return 0;
}
