// One worker's connection to one backend: reconnects, writes records in batches, reads commands.
//
// On its worker's thread. Everything that is added is delivered in order across reconnections
// (backend/spool.h).
#pragma once

#include "backend/codec.h"
#include "backend/reconnect.h"
#include "backend/spool.h"
#include "config/model.h"
#include "gateway/forwarded_command.h"
#include "metrics/cells.h"
#include "net/paused_queue.h"
#include "net/task.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse {

class worker;

class backend_link {
public:
    backend_link(
        worker& owner,
        std::shared_ptr<config::backend const> config,
        std::size_t index,
        std::shared_ptr<metrics::backend_cells> cells
    );

    // Spawns the task that connects and reads until `stop`.
    void start();

    // A reload: other limits, or another socket, to which it connects at once; what the old one
    // took is not sent again.
    void configure(std::shared_ptr<config::backend const> config);

    // Closes the connection for good; what is not delivered is lost.
    void stop();

    // Is nothing left to deliver?
    bool delivered() const noexcept { return spool_.waiting() == 0; }
    // After `stop`: does nothing refer to it any more?
    bool stopped() const noexcept
    {
        return stopped_ && !flush_posted_ && !wake_posted_ && forwarded_ == 0;
    }

    template <class Record>
    void add(Record const& record)
    {
        spool_.add(record);
        wants_flush();
    }

    void add(backend::data_record const& record, backend::receipt wanted)
    {
        spool_.add(record, wanted);
        wants_flush();
    }

    // May sessions read more from their devices? When not, they join the queue of `paused` and are
    // woken when there is room.
    bool accepting() const noexcept { return spool_.waiting() < config_->queue_limit; }
    paused_queue& paused() noexcept { return paused_; }

    // Is there room for a new session's records? (Its bound is twice that of reading.)
    bool accepting_sessions() const noexcept { return spool_.waiting() < 2 * config_->queue_limit; }

    // A message that is larger than any session of the backend can take is not copied for another
    // worker. A session keeps the limits that it began with, so this one only grows.
    void expect_messages(std::size_t largest);

    // A command for a session of another worker was executed or refused there.
    void forwarded_is_back(forwarded_command const& what);

    std::size_t index() const noexcept { return index_; }
    std::size_t downlink_limit() const noexcept { return config_->downlink_limit; }

private:
    friend task run_backend_link(backend_link& link);
    friend task read_while_connected(backend_link& link);

    // Steps of the task, in order.
    boost::system::error_code open_socket();
    void on_connect(boost::system::error_code failure);
    void on_readable(boost::system::error_code failure);
    void read_on();
    void arm_retry();

    void wants_flush();
    void flush();
    bool write_some();
    bool on_write_failure(int why);
    void on_writable(boost::system::error_code failure);
    void after_flush();
    void publish();
    void pass_receipts();
    void execute_received(std::size_t size);
    std::size_t take_records(mutable_bytes received);
    void take_record(backend::decoded const& record);
    void execute(backend::command const& command);
    void on_broken(std::string_view why);
    void refuse(backend::command const& command, std::string_view why);
    void give_up(std::string_view why);
    void stop_reading();
    void disconnect(std::string_view why);

    worker& owner_;
    std::shared_ptr<config::backend const> config_;
    std::size_t index_;
    std::shared_ptr<metrics::backend_cells> counted_;
    metrics::backend_cells& cells_{*counted_};
    std::unique_ptr<backend::codec> codec_;
    backend::spool spool_;
    backend::reconnect retry_;
    paused_queue paused_;
    local_socket socket_;
    steady_timer timer_;
    steady_timer capacity_;     // cancelled when reading may go on
    backend::buffer greeting_;  // the hello record of this connection
    std::size_t greeting_sent_ = 0;
    std::vector<std::uint8_t> read_buffer_;
    std::size_t kept_ = 0;  // bytes at its front that are not executed yet
    unsigned broken_in_a_row_ = 0;
    std::size_t forwarded_ = 0;  // of commands on their way to other workers and back
    std::size_t largest_message_ = 0;
    std::string last_failure_;  // logged once, not at every attempt
    time_point connected_since_{};
    bool connected_ = false;
    bool stopping_ = false;
    bool stopped_ = false;    // the task has ended
    bool repointed_ = false;  // the next attempt is due at once
    bool flush_posted_ = false;
    bool wake_posted_ = false;
    bool waits_writable_ = false;
    bool unread_ = false;     // no more is read until forwarded commands are back
    bool turn_over_ = false;  // what was read is executed after others had their turn
};

}  // namespace gatehouse
