// The device's end of UPSS (docs/protocols/upss.md), in the order of the Python releases.
//
// Strict where they are not: it goes on with nothing but the gateway's right sentence and its OK,
// and takes no field of its own for an answer. Like them it accepts any key as the gateway's.
#pragma once

#include "base/time.h"
#include "crypto/aes_cbc.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "device/stream_device.h"
#include "protocol/upss/package_reader.h"
#include "protocol/upss/package_scan.h"
#include "protocol/upss/package_writer.h"
#include "protocol/upss/sealed_field.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::device {

// Owned by the devices' owner, used on one thread; outlives the devices.
struct upss_environment {
    crypto::workbench& crypto;
    crypto::random_source& random;  // all but the padding of RSA, which the library draws
    upss::package_reader& packages;
    wall_time wall_now{};  // kept current by the owner
};

enum class upss_release : std::uint8_t {
    v0_0_1,  // one message, one answer
    v0_0_2,
};

struct upss_settings {
    std::string path = "/";
    upss_release release = upss_release::v0_0_2;
    // Of an answer as JSON, in bytes; what `packages` takes, or less.
    std::size_t package_limit = std::size_t{64} << 10;
    std::size_t message_limit = std::size_t{32} << 10;
};

class upss_device final : public stream_device {
public:
    // `env` outlives the device.
    upss_device(upss_environment& env, upss_settings const& settings)
        : env_{env}
        , settings_{settings}
    {
    }

    void start(output& out) override;
    // Errors: those of package_scan, package_reader and open_field; malformed_type (a package that
    // has no place there, or a status that is not OK), malformed_public_key, unproven_key (another
    // sentence), unproven_reflection.
    result<std::size_t> receive(time_point now, mutable_bytes in, output& out) override;
    // A device of 0.0.1 has nothing to say behind its first message: error::internal_closed.
    result<> send(bytes message, output& out) override;
    result<> ping(output& out) override;
    result<> rekey(output& out) override;
    // The protocol has none: the connection just ends.
    result<> bye(output& out) override;

    // Messages and answers go by turns.
    bool busy() const noexcept override { return phase_ == phase::talking && is_unanswered_; }
    // The gateway called its handler; nobody tells a device whether its route exists.
    bool established() const noexcept override { return phase_ == phase::talking && !leaves_; }
    bool dismissed() const noexcept override { return phase_ == phase::dismissed; }
    // Nothing when it was OK.
    std::string_view dismissal() const noexcept override
    {
        return status_ == "OK" ? std::string_view{} : status();
    }
    std::string_view awaits() const noexcept override;
    bytes session_id() const noexcept override { return {}; }
    std::uint32_t pongs() const noexcept override { return 0; }
    std::uint32_t rekeys() const noexcept override { return 0; }

    // What the gateway called the outcome when it dismissed the device.
    std::string_view status() const noexcept { return status_; }

private:
    enum class phase : std::uint8_t {
        fresh,
        public_key,    // package 2 is awaited
        confirmation,  // package 4
        call,          // package 7
        talking,
        dismissed,
    };

    result<> take(upss::package const& said, output& out);
    result<> take_public_key(upss::package const& said, output& out);
    result<> take_confirmation(upss::package const& said, output& out);
    result<> take_status(upss::package const& said);
    result<mutable_bytes> open(upss::package const& said);
    void say(upss::package_type type, std::string_view member, std::string_view text, output& out);

    upss_environment& env_;
    upss_settings settings_;
    upss::field_key key_;
    crypto::cbc_iv own_iv_{};  // of the last field that the device sealed
    std::string status_;
    upss::package_scan scan_;
    phase phase_ = phase::fresh;
    bool has_spoken_ = false;
    bool is_unanswered_ = false;
    bool leaves_ = false;  // when it has its answer
};

}  // namespace gatehouse::device
