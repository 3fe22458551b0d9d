// Why a device's connection came to nothing.
#pragma once

#include "base/error.h"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::sim {

class failure {
public:
    enum class kind : std::uint8_t {
        none,
        network,     // the system refused: no route, no descriptor, connection refused
        closed,      // the gateway closed the connection without a word
        dismissed,   // the gateway said BYE
        refused,     // the device itself refused what the gateway sent
        timeout,     // nothing came in time
        unanswered,  // UDP: the gateway did not acknowledge a frame
    };

    failure() noexcept = default;
    static failure network(boost::system::error_code const& code) noexcept;
    static failure refused(error reason) noexcept;
    // In the gateway's words, if it has any.
    static failure dismissed(std::string_view words);
    static failure of(kind what) noexcept;

    explicit operator bool() const noexcept { return kind_ != kind::none; }
    kind what() const noexcept { return kind_; }

    // The gateway said goodbye, and nothing else.
    bool is_goodbye() const noexcept { return kind_ == kind::dismissed && words_.empty(); }

    // A few words for people, without device data.
    std::string text() const;

    // The gateway told the device nothing, as it should: only its own log knows why.
    bool gateway_knows_why() const noexcept
    {
        return kind_ == kind::closed || kind_ == kind::dismissed || kind_ == kind::timeout ||
               kind_ == kind::unanswered;
    }

private:
    kind kind_ = kind::none;
    error reason_{};
    std::string words_;
    boost::system::error_code code_;
};

// Behind the text of such a failure.
inline constexpr char const* ask_the_gateway = "; the gateway's log says why";

}  // namespace gatehouse::sim
