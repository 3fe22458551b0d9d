#include "net/backend_link.h"

#include "net/limits.h"
#include "net/log.h"
#include "net/worker.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <sys/socket.h>
#include <sys/uio.h>

namespace gatehouse {

namespace {

std::unique_ptr<backend::codec> codec_for(config::backend const& config)
{
    if (config.format == config::record_format::records)
        return backend::make_binary_codec();
    return backend::make_ndjson_codec(
        config.payload == config::payload_form::text ? backend::payload_form::text
                                                     : backend::payload_form::base64
    );
}

backend::delivery rule_for(config::backend const& config)
{
    return config.acknowledge ? backend::delivery::when_acknowledged
                              : backend::delivery::when_written;
}

}  // namespace

task read_while_connected(backend_link& link)
{
    while (link.connected_) {
        if (link.unread_) {
            auto const [woken] = co_await link.capacity_.async_wait(awaiting);
            static_cast<void>(woken);
            link.read_on();
            continue;
        }
        if (link.turn_over_) {
            auto const where = link.owner_.context().get_executor();
            co_await boost::asio::post(where, awaiting);
            link.read_on();
            continue;
        }
        auto const [failure] = co_await link.socket_.async_wait(local_socket::wait_read, awaiting);
        link.on_readable(failure);
    }
}

task run_backend_link(backend_link& link)
{
    while (!link.stopping_) {
        link.repointed_ = false;
        auto connect_failure = link.open_socket();
        boost::asio::local::stream_protocol::endpoint const endpoint{link.config_->socket};
        if (!connect_failure) {
            auto const [failure] = co_await link.socket_.async_connect(endpoint, awaiting);
            connect_failure = failure;
        }
        link.on_connect(connect_failure);
        co_await read_while_connected(link);
        if (link.stopping_)
            break;
        if (link.repointed_)
            continue;
        link.arm_retry();
        auto const [cancelled] = co_await link.timer_.async_wait(awaiting);
        static_cast<void>(cancelled);
    }
    link.stopped_ = true;
}

backend_link::backend_link(
    worker& owner,
    std::shared_ptr<config::backend const> config,
    std::size_t index,
    std::shared_ptr<metrics::backend_cells> cells
)
    : owner_{owner}
    , config_{std::move(config)}
    , index_{index}
    , counted_{std::move(cells)}
    , codec_{codec_for(*config_)}
    , spool_{*codec_, rule_for(*config_)}
    , socket_{owner.context().get_executor()}
    , timer_{owner.context().get_executor()}
    , capacity_{owner.context().get_executor(), steady_timer::time_point::max()}
    , read_buffer_(net_limits::read_size + backend::incoming_record_limit)
{
}

void backend_link::start()
{
    boost::asio::co_spawn(owner_.context().get_executor(), run_backend_link(*this), task_ended{});
}

void backend_link::configure(std::shared_ptr<config::backend const> config)
{
    bool const elsewhere = config->socket != config_->socket;
    config_ = std::move(config);
    if (!elsewhere || stopping_)
        return;
    repointed_ = true;
    last_failure_.clear();
    retry_.succeeded();
    flush();
    disconnect("the backend has another socket now");
    boost::system::error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
}

void backend_link::stop()
{
    flush();
    stopping_ = true;
    if (connected_)
        disconnect("stopped");
    boost::system::error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
}

boost::system::error_code backend_link::open_socket()
{
    boost::system::error_code failure;
    socket_.close(failure);
    socket_.open(boost::asio::local::stream_protocol{}, failure);
    if (!failure)
        socket_.non_blocking(true, failure);
    return failure;
}

void backend_link::on_connect(boost::system::error_code failure)
{
    if (stopping_ || repointed_)
        return;
    // A full accept queue looks like success to the reactor: only a peer proves a connection.
    if (!failure)
        socket_.remote_endpoint(failure);
    if (failure) {
        auto const why = failure.message();
        if (why != last_failure_)
            log::write(
                log::level::warn,
                "backend unreachable",
                {{"backend", config_->name},
                 {"worker", owner_.index()},
                 {"socket", config_->socket},
                 {"detail", why}}
            );
        last_failure_ = why;
        return;
    }
    owner_.tick();
    last_failure_.clear();
    connected_ = true;
    connected_since_ = owner_.now();
    kept_ = 0;
    broken_in_a_row_ = 0;
    greeting_.clear();
    greeting_sent_ = 0;
    codec_->write(backend::hello_record{owner_.node_name(), owner_.index()}, greeting_);
    cells_.connected.set(1);
    cells_.connections.add();
    log::write(
        log::level::info,
        "backend connected",
        {{"backend", config_->name}, {"worker", owner_.index()}, {"waiting", spool_.waiting()}}
    );
    flush();
}

void backend_link::arm_retry()
{
    timer_.expires_after(retry_.next_delay(owner_.random_number()));
}

void backend_link::disconnect(std::string_view why)
{
    if (!connected_)
        return;
    connected_ = false;
    // A backend that hangs up at once is asked less and less often.
    if (owner_.now() - connected_since_ >= net_limits::backend_proven)
        retry_.succeeded();
    cells_.connected.set(0);
    unread_ = false;
    turn_over_ = false;
    cells_.unread.set(0);
    capacity_.cancel();
    spool_.connection_lost();
    greeting_.clear();
    greeting_sent_ = 0;
    publish();
    boost::system::error_code ignored;
    socket_.close(ignored);
    log::write(
        stopping_ ? log::level::info : log::level::warn,
        "backend disconnected",
        {{"backend", config_->name},
         {"worker", owner_.index()},
         {"waiting", spool_.waiting()},
         {"detail", why}}
    );
}

// One write for all that this wake-up of the worker produced.
void backend_link::wants_flush()
{
    publish();
    if (flush_posted_ || waits_writable_ || !connected_)
        return;
    flush_posted_ = true;
    boost::asio::post(owner_.context(), [this] {
        flush_posted_ = false;
        flush();
    });
}

void backend_link::flush()
{
    while (connected_ && !waits_writable_ && write_some())
        continue;
    after_flush();
}

// One system call's worth. False when there was nothing to write, or nothing more can be written
// now.
bool backend_link::write_some()
{
    auto const greeting = bytes{greeting_}.subspan(greeting_sent_);
    auto const records = spool_.unsent();
    if (greeting.empty() && records.empty())
        return false;
    std::array<::iovec, 2> parts{{
        {const_cast<std::uint8_t*>(greeting.data()), greeting.size()},
        {const_cast<std::uint8_t*>(records.data()), records.size()},
    }};
    ::msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    auto const done = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (done < 0)
        return on_write_failure(errno);
    auto const size = static_cast<std::size_t>(done);
    auto const of_greeting = std::min(size, greeting.size());
    greeting_sent_ += of_greeting;
    spool_.written(size - of_greeting);
    pass_receipts();
    return true;
}

// True when the write may be tried again at once.
bool backend_link::on_write_failure(int why)
{
    if (why == EINTR)
        return true;
    if (why != EAGAIN) {
        disconnect(boost::system::error_code{why, boost::system::system_category()}.message());
        return false;
    }
    waits_writable_ = true;
    socket_.async_wait(local_socket::wait_write, [this](boost::system::error_code failure) {
        on_writable(failure);
    });
    return false;
}

// Sessions that owe their devices an acknowledgement learn that the backend has the message.
void backend_link::pass_receipts()
{
    for (auto const session : spool_.receipts())
        if (auto* live = owner_.sessions().find(session))
            live->taken_over();
    spool_.clear_receipts();
}

void backend_link::publish()
{
    cells_.queued_bytes.set(spool_.waiting());
    cells_.queued_messages.set(spool_.messages_waiting());
    cells_.unsent_bytes.set(spool_.unsent().size());
}

void backend_link::on_writable(boost::system::error_code failure)
{
    waits_writable_ = false;
    if (!failure)
        flush();
}

void backend_link::after_flush()
{
    publish();
    if (paused_.empty() || !accepting())
        return;
    paused_.wake(net_limits::woken_a_turn);
    if (paused_.empty() || wake_posted_)
        return;
    wake_posted_ = true;
    boost::asio::post(owner_.context(), [this] {
        wake_posted_ = false;
        after_flush();
    });
}

}  // namespace gatehouse
