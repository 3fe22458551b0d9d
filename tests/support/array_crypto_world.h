// Everything that an Array-Crypto session needs around it, made from a plain description, and one
// connection in it that is driven by hand under a virtual clock.
#pragma once

#include "protocol/array_crypto/stream_door.h"
#include "support/byte_string.h"
#include "support/counting_ids.h"
#include "support/scripted_random.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::test {

struct listed_http_device {
    std::string name;
    array_crypto::profile speaks = array_crypto::profile::v1;
    std::string prefix{};
    std::string secret = "a secret of the tests, of 40 characters.";
    std::string password{};
    identity::key_window window{};
    identity::key_mark mark = identity::key_mark::accepted;
};

inline constexpr char const* usual_v1_device = "sensor-1";
inline constexpr char const* usual_v2_device = "sensor-2";

struct array_crypto_world_setup {
    array_crypto::settings config{};
    std::vector<listed_http_device> devices{
        {usual_v1_device, array_crypto::profile::v1, "/dev/sensor-1"},
        {usual_v2_device, array_crypto::profile::v2, "/dev/sensor-2"}};
    wall_time wall_now{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};
    time_point now = time_point{} + std::chrono::hours{1};
};

array_crypto::device_list make_device_list(std::vector<listed_http_device> const& from);

struct array_crypto_world {
    explicit array_crypto_world(array_crypto_world_setup const& setup = {});

    // Both clocks.
    void wait(std::chrono::seconds by);
    array_crypto::device const& device(std::string_view name) const;

    scripted_random random;
    counting_ids ids{0x0102030405060708};
    array_crypto::pair_table pairs;
    array_crypto::device_list devices;
    array_crypto::environment env;
    array_crypto::stream_door door;
    time_point now;
};

struct http_answer_text {
    int status = 0;
    std::string head;  // with the status line, without the empty one
    std::string body;
};

// One connection, as the gateway would serve it: keeps what was not consumed.
class http_conversation {
public:
    explicit http_conversation(array_crypto_world& in);

    // The answers to what was sent, in order.
    std::vector<http_answer_text> send(std::string_view text);
    // The only one.
    http_answer_text ask(std::string_view text);
    http_answer_text get(std::string const& path);
    http_answer_text post(std::string const& path, bytes body, std::string const& type = {});
    // The answer of the backend; nothing: refused, for the reason in `refused`.
    std::optional<http_answer_text> reply(bytes message);
    std::vector<http_answer_text> wake();

    std::vector<byte_string> up;  // messages for the backend
    std::optional<error> failed;  // what the session returned
    std::optional<error> refused;
    std::unique_ptr<session> live;

private:
    std::vector<http_answer_text> take_answers();

    array_crypto_world& world_;
    output out_;
    byte_string pending_;
};

std::string request_text(
    std::string const& method, std::string const& path, bytes body, std::string const& type
);

// What a stock client makes of a snapshot and a text.
array_crypto::pair pair_of(http_answer_text const& snapshot);
byte_string sealed_v1(array_crypto_world& world, std::uint64_t seed, std::string_view text);
byte_string sealed_v2(array_crypto::pair const& under, std::uint8_t salt, std::string_view text);

}  // namespace gatehouse::test
