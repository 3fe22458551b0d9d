// The sockets of one bound address, one a worker. Listeners come and go on them: who takes over an
// address that is bound already takes over its sockets, with all that waits in them.
//
// Made on the main thread, which keeps them while anybody uses one; they are closed together.
#pragma once

#include "base/descriptor.h"
#include "config/model.h"
#include "net/datagram_socket.h"

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace gatehouse {

class bound_sockets {
public:
    // `unused` is called on some worker's thread when the last use has ended.
    bound_sockets(config::transport over, config::endpoint at, std::function<void()> unused);

    // Main thread, before anybody uses them. By worker; owned from now on.
    void add(int handle) { handles_.emplace_back(handle); }
    void bound_to(std::string text, std::uint16_t port);

    config::transport transport() const noexcept { return transport_; }
    config::endpoint const& wanted() const noexcept { return wanted_; }
    // The address as it is bound: port 0 has become a port.
    config::endpoint const& at() const noexcept { return at_; }
    bool is_v6() const noexcept { return at_.ip.find(':') != std::string::npos; }
    std::string const& text() const noexcept { return text_; }
    int handle(std::size_t worker) const { return handles_[worker].get(); }
    std::size_t count() const noexcept { return handles_.size(); }
    bool used() const noexcept { return users_.load() > 0; }

private:
    friend class socket_use;

    config::transport transport_;
    config::endpoint wanted_;
    config::endpoint at_;
    std::string text_;
    std::function<void()> unused_;
    std::deque<descriptor> handles_;
    std::atomic<std::size_t> users_{0};
};

// One worker's use of its socket there.
class socket_use {
public:
    socket_use(std::shared_ptr<bound_sockets> of, std::size_t worker);
    socket_use(socket_use&& other) noexcept = default;
    socket_use(socket_use const&) = delete;
    socket_use& operator=(socket_use const&) = delete;
    socket_use& operator=(socket_use&&) = delete;
    ~socket_use() { end(); }

    // Nothing may refer to the socket any more.
    void end() noexcept;

    bound_sockets const& sockets() const noexcept { return *of_; }
    int handle() const { return of_->handle(worker_); }
    bool is_of(socket_use const& other) const noexcept { return of_ && of_ == other.of_; }

private:
    std::shared_ptr<bound_sockets> of_;
    std::size_t worker_;
};

}  // namespace gatehouse
