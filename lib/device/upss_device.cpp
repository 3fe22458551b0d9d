#include "device/upss_device.h"

#include "base/base64.h"
#include "crypto/rsa_public_key.h"
#include "protocol/upss/confirmation.h"
#include "protocol/upss/key_opener.h"
#include "protocol/upss/limits.h"

#include <algorithm>
#include <vector>

namespace gatehouse::device {

namespace {

using upss::package_type;

upss::session_key_text draw_key(crypto::random_source& from)
{
    secret<2 * crypto::aes_128_key_size> drawn;
    from.fill(drawn.expose_mutable());
    upss::session_key_text made;
    auto const text = made.expose_mutable();
    to_base64(drawn.expose(), text);
    std::replace(text.begin(), text.end(), std::uint8_t{'+'}, std::uint8_t{'-'});
    std::replace(text.begin(), text.end(), std::uint8_t{'/'}, std::uint8_t{'_'});
    return made;
}

}  // namespace

void upss_device::say(
    package_type type, std::string_view member, std::string_view text, output& out
)
{
    upss::write_package({settings_.path, type, member}, text, out.wire);
}

void upss_device::start(output& out)
{
    say(package_type::send, "msg", "hello", out);
    phase_ = phase::public_key;
}

result<std::size_t> upss_device::receive(time_point, mutable_bytes in, output& out)
{
    std::size_t consumed = 0;
    for (;;) {
        if (dismissed() || (leaves_ && !busy()))
            return in.size();  // it listens no more
        consumed += upss::leading_blanks(in.subspan(consumed));
        auto const rest = in.subspan(consumed);
        auto const limit =
            phase_ == phase::talking ? settings_.package_limit : upss::limits::handshake_package;
        auto const whole = scan_.look(rest, limit);
        if (!whole)
            return whole.error();
        if (*whole == 0)
            return consumed;
        scan_.begin_anew();
        auto const said = env_.packages.read(rest.first(*whole));
        if (!said)
            return said.error();
        if (phase_ == phase::talking && said->has_message) {
            auto const text = open(*said);
            if (!text)
                return text.error();
            // Longer-lived than the reader's memory.
            std::copy(text->begin(), text->end(), rest.begin());
            out.up.push_back(rest.first(text->size()));
            is_unanswered_ = false;
        } else if (auto const taken = take(*said, out); !taken) {
            return taken.error();
        }
        consumed += *whole;
    }
}

result<> upss_device::take(upss::package const& said, output& out)
{
    switch (phase_) {
    case phase::public_key:
        return take_public_key(said, out);
    case phase::confirmation:
        return take_confirmation(said, out);
    default:
        return take_status(said);
    }
}

result<> upss_device::take_public_key(upss::package const& said, output& out)
{
    if (said.type != "SEND")
        return error::malformed_type;
    auto const gateway = crypto::rsa_public_key::read(as_bytes(env_.packages.text("public_key")));
    if (!gateway)
        return error::malformed_public_key;
    auto text = draw_key(env_.random);
    std::vector<std::uint8_t> block(gateway->size());
    if (!gateway->seal(text.expose(), block))
        return error::malformed_public_key;
    auto const size = base64_size(block.size());
    upss::package_head const head{settings_.path, package_type::send, "key"};
    to_base64(block, upss::write_package(head, size, out.wire));
    key_ = std::move(*upss::read_field_key(text.expose_mutable(), upss::base64_reading::strict));
    phase_ = phase::confirmation;
    return {};
}

result<> upss_device::take_confirmation(upss::package const& said, output& out)
{
    if (said.type != "SEND" || !said.has_message)
        return error::malformed_type;
    auto const sentence = open(said);
    if (!sentence)
        return sentence.error();
    if (as_text(*sentence) != upss::confirmation_sentence)
        return error::unproven_key;
    say(package_type::status, "status", "OK", out);
    say(package_type::status, "action", "call_handler", out);
    phase_ = phase::call;
    return {};
}

result<> upss_device::take_status(upss::package const& said)
{
    if (said.type != "STATUS")
        return error::malformed_type;
    if (phase_ == phase::talking) {
        status_ = said.status;
        phase_ = phase::dismissed;
        return {};
    }
    if (said.status != "OK")
        return error::malformed_type;
    phase_ = phase::talking;
    return {};
}

result<mutable_bytes> upss_device::open(upss::package const& said)
{
    auto const field =
        upss::open_field(env_.crypto, key_, said.message, upss::base64_reading::strict);
    if (!field)
        return field.error();
    if (has_spoken_ && field->iv == own_iv_)
        return error::unproven_reflection;
    return field->text;
}

result<> upss_device::send(bytes message, output& out)
{
    bool const is_first = settings_.release == upss_release::v0_0_1;
    if (!established() || (is_first && has_spoken_))
        return error::internal_closed;
    if (message.size() > settings_.message_limit)
        return error::limit_message_size;
    auto const seconds = env_.wall_now.time_since_epoch().count();
    upss::field_stamp stamp{.seconds = static_cast<std::uint64_t>(seconds)};
    env_.random.fill(stamp.iv);
    own_iv_ = stamp.iv;
    has_spoken_ = is_unanswered_ = true;
    upss::package_head const head{
        settings_.path, is_first ? package_type::status : package_type::send, "msg"};
    auto const space = upss::write_package(head, upss::sealed_size(message.size()), out.wire);
    upss::seal_field(env_.crypto, key_, stamp, message, space);
    return {};
}

result<> upss_device::ping(output&)
{
    return established() ? error::malformed_type : error::internal_closed;
}

result<> upss_device::rekey(output&)
{
    return established() ? error::malformed_type : error::internal_closed;
}

result<> upss_device::bye(output&)
{
    if (!established())
        return error::internal_closed;
    leaves_ = true;
    return {};
}

std::string_view upss_device::awaits() const noexcept
{
    switch (phase_) {
    case phase::public_key:
        return "the gateway's key";
    case phase::confirmation:
        return "the confirmation of its own key";
    case phase::call:
        return "the handler";
    case phase::talking:
        return "a message";
    default:
        return "nothing";
    }
}

}  // namespace gatehouse::device
