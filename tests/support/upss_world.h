// Everything that a UPSS session needs around it, with keys that are opened when a test says so,
// and one connection in it that is driven by hand under a virtual clock.
#pragma once

#include "protocol/upss/sealed_field.h"
#include "protocol/upss/stream_door.h"
#include "support/byte_string.h"
#include "support/counting_ids.h"
#include "support/scripted_random.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::test {

// 32 bytes, as a device of the tests sends them.
inline constexpr char const* usual_session_key = "3s1RgW_WAWrzdmKZvNmfrs6JWc2V2RS6noM_BEDf6TQ=";

class held_keys final : public upss::key_opener {
public:
    struct request {
        std::shared_ptr<upss::rsa_pair const> with;
        byte_string block;
        std::shared_ptr<upss::key_opening> into;
    };

    std::shared_ptr<upss::rsa_pair const> current() override { return pair; }
    result<> open(
        std::shared_ptr<upss::rsa_pair const> with,
        bytes block,
        std::shared_ptr<upss::key_opening> into
    ) override;

    // The first request is answered; its session is woken.
    void answer(std::string_view session_key);
    void answer(error why);

    std::shared_ptr<upss::rsa_pair> pair;
    std::vector<request> asked;
    std::optional<error> refusal;  // at once
};

struct upss_world_setup {
    upss::settings config{};
    wall_time wall_now{std::chrono::seconds{1'700'000'000}};
    time_point now = time_point{} + std::chrono::hours{1};
};

struct upss_world {
    explicit upss_world(upss_world_setup const& setup = {});

    // Both clocks.
    void wait(duration by);

    crypto::workbench crypto;
    upss::package_reader packages{upss::settings{}.body_limit};
    scripted_random random;
    counting_ids ids{0x0102030405060708};
    held_keys keys;
    secret<32> own_mark;
    upss::environment env;
    upss::stream_door door;
    time_point now;
};

// What a device says, as the reference does.
std::string upss_package(
    std::string_view path, std::string_view type, std::string_view member, std::string_view value
);
std::string upss_hello(std::string_view path = "/");
std::string upss_key(std::string_view path = "/");
std::string upss_call(std::string_view path = "/");  // packages 5 and 6

// One connection, as the gateway would serve it: keeps what was not consumed.
class upss_conversation final : public session_carrier {
public:
    explicit upss_conversation(upss_world& in);

    // The packages that were said in answer to it.
    std::vector<std::string> send(std::string_view text);
    std::vector<std::string> reply(std::string_view text);
    std::vector<std::string> reply_last(std::string_view text, std::string_view status);
    std::vector<std::string> on_deadline();
    std::vector<std::string> end();
    std::vector<std::string> dismiss();
    void wake() override { ++woken; }

    // Packages 1 to 7.
    void shake_hands(std::string_view path = "/");
    // A message, sealed under the usual key.
    std::string message(std::string_view text, std::string_view type = "SEND");
    std::string sealed(std::string_view text);
    // The text of a package that is one sealed message of the gateway.
    std::string opened(std::string const& package);

    std::vector<byte_string> up;
    std::vector<byte_string> plain;
    std::optional<error> failed;   // what the session returned
    std::optional<error> refused;  // what the backend was told
    std::unique_ptr<session> live;
    int woken = 0;

private:
    std::vector<std::string> take_packages();
    template <class Call>
    std::vector<std::string> after(Call call);

    upss_world& world_;
    byte_string pending_;
    output out_;
    upss::field_key key_;
};

}  // namespace gatehouse::test
