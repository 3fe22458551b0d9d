#include "failure.h"

#include <boost/asio/error.hpp>

namespace gatehouse::sim {

// A reset is how a close looks when bytes of ours were still on their way.
failure failure::network(boost::system::error_code const& code) noexcept
{
    namespace codes = boost::asio::error;
    failure made;
    made.kind_ = kind::network;
    made.code_ = code;
    if (code == codes::eof || code == codes::connection_reset || code == codes::broken_pipe)
        made.kind_ = kind::closed;
    return made;
}

failure failure::refused(error reason) noexcept
{
    failure made;
    made.kind_ = kind::refused;
    made.reason_ = reason;
    return made;
}

failure failure::dismissed(std::string_view words)
{
    failure made;
    made.kind_ = kind::dismissed;
    made.words_ = words;
    return made;
}

failure failure::of(kind what) noexcept
{
    failure made;
    made.kind_ = what;
    return made;
}

std::string failure::text() const
{
    switch (kind_) {
    case kind::none:
        return "nothing";
    case kind::network:
        return code_.message();
    case kind::closed:
        return "the gateway closed the connection";
    case kind::dismissed:
        return "the gateway said " + (words_.empty() ? "BYE" : words_);
    case kind::refused:
        return "the device refuses what the gateway sent: " + std::string{describe(reason_)};
    case kind::timeout:
        return "nothing came in time";
    case kind::unanswered:
        return "the gateway acknowledged nothing";
    }
    return "unknown";
}

}  // namespace gatehouse::sim
