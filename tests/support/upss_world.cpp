#include "support/upss_world.h"

#include "base/base64.h"
#include "protocol/upss/package_scan.h"
#include "protocol/upss/sealed_field.h"

#include <algorithm>
#include <stdexcept>

namespace gatehouse::test {

namespace {

constexpr std::size_t block_size = 16;

std::string base64_text(bytes data)
{
    std::string made(base64_size(data.size()), '\0');
    to_base64(data, as_mutable_bytes(made));
    return made;
}

upss::field_key usual_key()
{
    auto text = text_bytes(usual_session_key);
    return std::move(*upss::read_field_key(text, upss::base64_reading::strict));
}

}  // namespace

result<> held_keys::open(
    std::shared_ptr<upss::rsa_pair const> with, bytes block, std::shared_ptr<upss::key_opening> into
)
{
    if (refusal)
        return *refusal;
    asked.push_back({std::move(with), copy_of(block), std::move(into)});
    return {};
}

void held_keys::answer(std::string_view session_key)
{
    upss::session_key_text text;
    if (session_key.size() != upss::session_key_size)
        throw std::invalid_argument{"a session key has 44 characters"};
    std::copy(session_key.begin(), session_key.end(), text.expose_mutable().begin());
    auto const into = asked.front().into;
    asked.erase(asked.begin());
    into->answer.emplace(std::move(text));
    if (into->waiting != nullptr)
        into->waiting->wake();
}

void held_keys::answer(error why)
{
    auto const into = asked.front().into;
    asked.erase(asked.begin());
    into->answer.emplace(why);
    if (into->waiting != nullptr)
        into->waiting->wake();
}

upss_world::upss_world(upss_world_setup const& setup)
    : env{
          .config = setup.config,
          .crypto = crypto,
          .packages = packages,
          .random = random,
          .ids = ids,
          .keys = keys,
          .own_mark = own_mark,
          .wall_now = setup.wall_now,
      }
    , door{env}
    , now{setup.now}
{
    keys.pair = std::make_shared<upss::rsa_pair>();
    keys.pair->public_pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
    keys.pair->id = "test";
    keys.pair->block_size = block_size;
    random.fill(own_mark.expose_mutable());
}

void upss_world::wait(duration by)
{
    now += by;
    env.wall_now += std::chrono::floor<std::chrono::seconds>(by);
}

std::string upss_package(
    std::string_view path, std::string_view type, std::string_view member, std::string_view value
)
{
    return R"({"meta": "upss v0.0.1", "path": ")" + std::string{path} + R"(", "type": ")" +
           std::string{type} + R"(", "data": {")" + std::string{member} + R"(": ")" +
           std::string{value} + R"("}})";
}

std::string upss_hello(std::string_view path)
{
    return upss_package(path, "SEND", "msg", "hello");
}

std::string upss_key(std::string_view path)
{
    return upss_package(path, "SEND", "key", base64_text(byte_string(block_size, 7)));
}

std::string upss_call(std::string_view path)
{
    return upss_package(path, "STATUS", "status", "OK") +
           upss_package(path, "STATUS", "action", "call_handler");
}

upss_conversation::upss_conversation(upss_world& in)
    : live{in.door.open(in.now + std::chrono::seconds{10}, {})}
    , world_{in}
    , key_{usual_key()}
{
    live->carried_by(*this);
}

std::vector<std::string> upss_conversation::take_packages()
{
    for (auto const message : out_.up)
        up.push_back(copy_of(message));
    for (auto const each : out_.plain)
        plain.push_back(copy_of(each));
    std::vector<std::string> made;
    for (std::size_t i = 0; i < out_.wire.frames(); ++i)
        made.push_back(text_of(out_.wire.frame_at(i)));
    out_.clear();
    return made;
}

// As bytes that cannot be read beyond their end.
std::vector<std::string> upss_conversation::send(std::string_view text)
{
    append(pending_, as_bytes(text));
    auto const size = pending_.size();
    auto const memory = std::make_unique<std::uint8_t[]>(size);
    std::copy(pending_.begin(), pending_.end(), memory.get());
    auto const used = live->receive(world_.now, {memory.get(), size}, out_);
    if (used)
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(*used));
    else
        failed = used.error();
    return take_packages();
}

template <class Call>
std::vector<std::string> upss_conversation::after(Call call)
{
    call();
    auto said = take_packages();
    if (!failed && !pending_.empty() && live->wants_what_it_left())
        for (auto& more : send({}))
            said.push_back(std::move(more));
    return said;
}

std::vector<std::string> upss_conversation::reply(std::string_view text)
{
    return after([&] {
        auto const done = live->send(world_.now, as_bytes(text), out_);
        refused = done ? std::nullopt : std::optional{done.error()};
    });
}

std::vector<std::string> upss_conversation::reply_last(
    std::string_view text, std::string_view status
)
{
    return after([&] {
        auto const done = live->send_last(world_.now, as_bytes(text), status, out_);
        refused = done ? std::nullopt : std::optional{done.error()};
    });
}

std::vector<std::string> upss_conversation::on_deadline()
{
    return after([&] {
        if (auto const fine = live->on_deadline(world_.now, out_); !fine)
            failed = fine.error();
    });
}

std::vector<std::string> upss_conversation::end()
{
    return after([&] { live->end(world_.now, out_); });
}

std::vector<std::string> upss_conversation::dismiss()
{
    return after([&] { live->dismiss(world_.now, out_); });
}

void upss_conversation::shake_hands(std::string_view path)
{
    send(upss_hello(path));
    send(upss_key(path));
    world_.keys.answer(usual_session_key);
    on_deadline();
    if (send(upss_call(path)).size() != 1)
        throw std::runtime_error{"the handshake failed"};
}

std::string upss_conversation::sealed(std::string_view text)
{
    upss::field_stamp stamp{
        .seconds = static_cast<std::uint64_t>(world_.env.wall_now.time_since_epoch().count())};
    world_.random.fill(stamp.iv);
    std::string made(upss::sealed_size(text.size()), '\0');
    upss::seal_field(world_.crypto, key_, stamp, as_bytes(text), as_mutable_bytes(made));
    return made;
}

std::string upss_conversation::message(std::string_view text, std::string_view type)
{
    return upss_package("/", type, "msg", sealed(text));
}

std::string upss_conversation::opened(std::string const& package)
{
    static constexpr std::string_view mark = R"("data": {"msg": ")";
    auto const begin = package.find(mark) + mark.size();
    auto field = package.substr(begin, package.rfind("\"}}") - begin);
    auto const found = upss::open_field(
        world_.crypto, key_, as_mutable_bytes(field), upss::base64_reading::strict
    );
    return found ? text_of(found->text) : "does not open: " + package;
}

}  // namespace gatehouse::test
