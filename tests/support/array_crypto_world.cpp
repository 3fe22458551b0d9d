#include "support/array_crypto_world.h"

#include "protocol/array_crypto/v1_message.h"
#include "protocol/array_crypto/v2_message.h"

#include <boost/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace gatehouse::test {

namespace {

namespace ac = array_crypto;

crypto::workbench& workbench()
{
    static crypto::workbench bench;
    return bench;
}

ac::v2::tools& message_tools()
{
    static ac::v2::tools tools;
    return tools;
}

std::size_t body_size(std::string_view head)
{
    constexpr std::string_view name = "content-length: ";
    auto const at = head.find(name);
    if (at == std::string_view::npos)
        return 0;
    return std::stoul(std::string{head.substr(at + name.size())});
}

}  // namespace

ac::device_list make_device_list(std::vector<listed_http_device> const& from)
{
    std::vector<ac::device> made;
    for (auto const& one : from) {
        auto& device = made.emplace_back();
        device.name = identity::device_id::from_name(one.name);
        device.speaks = one.speaks;
        device.prefix = one.prefix;
        device.secret = secret_bytes{as_bytes(one.secret)};
        device.password = secret_bytes{as_bytes(one.password)};
        device.window = one.window;
        device.mark = one.mark;
    }
    return ac::device_list{std::move(made)};
}

array_crypto_world::array_crypto_world(array_crypto_world_setup const& setup)
    : devices{make_device_list(setup.devices)}
    , env{
          .config = setup.config,
          .devices = &devices,
          .crypto = workbench(),
          .messages = message_tools(),
          .random = random,
          .ids = ids,
          .pairs = pairs,
          .wall_now = setup.wall_now,
      }
    , door{env}
    , now{setup.now}
{
}

void array_crypto_world::wait(std::chrono::seconds by)
{
    now += by;
    env.wall_now += by;
}

ac::device const& array_crypto_world::device(std::string_view name) const
{
    for (auto const& one : devices.all())
        if (one.name.text() == name)
            return one;
    throw std::invalid_argument{"no such device"};
}

http_conversation::http_conversation(array_crypto_world& in)
    : live{in.door.open(in.now + std::chrono::seconds{10}, {})}
    , world_{in}
{
}

// As bytes that cannot be read beyond their end.
std::vector<http_answer_text> http_conversation::send(std::string_view text)
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
    return take_answers();
}

std::vector<http_answer_text> http_conversation::take_answers()
{
    for (auto const message : out_.up)
        up.push_back(copy_of(message));
    auto rest = text_of(out_.wire.all());
    out_.clear();
    std::vector<http_answer_text> made;
    while (!rest.empty()) {
        auto const end = rest.find("\r\n\r\n");
        if (end == std::string::npos)
            throw std::runtime_error{"no whole header: " + rest};
        auto head = rest.substr(0, end);
        auto const status = std::stoi(head.substr(head.find(' ')));
        // The answer to HEAD says how long its body would be.
        auto const size = std::min(body_size(head), rest.size() - end - 4);
        made.push_back({status, std::move(head), rest.substr(end + 4, size)});
        rest.erase(0, end + 4 + size);
    }
    return made;
}

http_answer_text http_conversation::ask(std::string_view text)
{
    auto answers = send(text);
    if (answers.size() != 1)
        throw std::runtime_error{std::to_string(answers.size()) + " answers to one request"};
    return std::move(answers.front());
}

http_answer_text http_conversation::get(std::string const& path)
{
    return ask(request_text("GET", path, {}, {}));
}

http_answer_text http_conversation::post(
    std::string const& path, bytes body, std::string const& type
)
{
    auto answers = send(request_text("POST", path, body, type));
    return answers.empty() ? http_answer_text{} : std::move(answers.front());
}

std::optional<http_answer_text> http_conversation::reply(bytes message)
{
    auto const sent = live->send(world_.now, message, out_);
    refused = sent ? std::nullopt : std::optional{sent.error()};
    auto answers = take_answers();
    return answers.empty() ? std::nullopt : std::optional{std::move(answers.front())};
}

std::vector<http_answer_text> http_conversation::wake()
{
    if (auto const fine = live->on_deadline(world_.now, out_); !fine)
        failed = fine.error();
    return take_answers();
}

std::string request_text(
    std::string const& method, std::string const& path, bytes body, std::string const& type
)
{
    auto text = method + " " + path + " HTTP/1.1\r\nHost: gateway:8000\r\nAccept: */*\r\n";
    if (method == "POST")
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    if (!type.empty())
        text += "Content-Type: " + type + "\r\n";
    return text + "\r\n" + text_of(body);
}

ac::pair pair_of(http_answer_text const& snapshot)
{
    auto const told = boost::json::parse(snapshot.body).as_object();
    return {told.at("seed").to_number<std::uint64_t>(), told.at("tick").to_number<std::uint64_t>()};
}

byte_string sealed_v1(array_crypto_world& world, std::uint64_t seed, std::string_view text)
{
    std::array<std::uint8_t, ac::v1::salt_size> drawn{};
    world.random.fill(drawn);
    auto const seconds = world.env.wall_now.time_since_epoch().count();
    byte_string made(ac::v1::header_size + text.size());
    ac::v1::seal(
        seed, ac::v1::make_salt(static_cast<std::uint64_t>(seconds), drawn), as_bytes(text), made
    );
    return made;
}

byte_string sealed_v2(ac::pair const& under, std::uint8_t salt, std::string_view text)
{
    ac::v2::message_salt with{};
    with.fill(salt);
    byte_string made(ac::v2::header_size + text.size());
    ac::v2::seal(message_tools(), under, with, as_bytes(text), made);
    return made;
}

}  // namespace gatehouse::test
