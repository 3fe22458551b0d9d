// One event loop on one thread, with everything that lives on it (docs/decisions/0001).
//
// Only `post_...`, `drained` and `run` may be called from other threads.
#pragma once

#include "base/block_pool.h"
#include "base/time.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "crypto/x25519_key_pool.h"
#include "gateway/command_queues.h"
#include "gateway/device_claim.h"
#include "gateway/device_directory.h"
#include "gateway/downlink.h"
#include "gateway/session_row.h"
#include "gateway/session_table.h"
#include "gateway/timer_wheel.h"
#include "metrics/cells.h"
#include "net/agreement_budget.h"
#include "net/backend_link.h"
#include "net/datagram_endpoint.h"
#include "net/listener_runtime.h"
#include "net/log_sampler.h"
#include "net/protocol_module.h"
#include "net/session_lines.h"
#include "net/shared_snapshot.h"
#include "net/stream_connection.h"
#include "net/stream_listener.h"
#include "net/task.h"
#include "protocol/output.h"

#include <boost/asio/executor_work_guard.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse {

class worker final : public command_carrier, public worker_thread {
public:
    // `peers` (all workers, this one included, filled before `run`) outlive the worker.
    worker(
        std::uint8_t index,
        std::shared_ptr<shared_snapshot const> snapshot,
        std::deque<std::unique_ptr<worker>>& peers
    );
    ~worker();
    worker(worker const&) = delete;
    worker& operator=(worker const&) = delete;

    // Main thread, before `run`; the listener's slot in the snapshot.
    void add_listener(std::size_t slot, socket_use socket);
    boost::asio::io_context& context() noexcept { return context_; }

    // The body of the worker's thread; returns when the worker has stopped.
    void run();

    // From any thread: no new sessions, and the existing ones are told goodbye.
    void post_drain();
    // From any thread: everything ends at once, and `run` returns.
    void post_stop();

    // From any thread: a reload (docs/decisions/0014). `opened` are the sockets of listeners that
    // are new in `next`, by slot; those of an address that was bound before serve on. Both steps
    // are told on the worker's thread.
    using new_sockets = std::vector<std::pair<std::size_t, socket_use>>;
    struct install_steps {
        std::function<void()> done;      // all that comes will find the new state
        std::function<void()> reviewed;  // sessions whose keys are gone have ended
    };
    void post_install(
        std::shared_ptr<shared_snapshot const> next, new_sockets opened, install_steps told
    );

    // From any thread: the wall clock was set. Key windows of live sessions are reckoned anew.
    void post_clock_step();

    // worker_thread
    void post(std::function<void()> work) override;

    // From any thread, for operators: answers come on the worker's thread.
    void post_close(session_id which, std::function<void(bool found)> done);
    void post_list(session_filter wanted, std::function<void(session_list)> done);
    // Of devices whose home this is.
    void post_sightings(
        std::vector<identity::device_id> of, std::function<void(std::vector<device_sighting>)> done
    );
    // Of the first so many credential sets, by slot and key index.
    void post_key_uses(
        std::size_t sets, std::function<void(std::vector<std::vector<key_use>>)> done
    );

    // From any thread: has a drain nothing more to wait for here, whatever its backends have?
    bool drained() const noexcept { return open_connections_.value() == 0; }
    // After `run`: sessions that a stop cut off while messages of their devices were unread.
    std::uint64_t sessions_cut() const noexcept { return sessions_cut_; }

    // The rest on the worker's own thread.

    // Reads the clock: once for each time that the worker wakes up for something.
    void tick();
    time_point now() const noexcept { return now_; }
    std::uint8_t index() const noexcept { return index_; }
    std::size_t worker_count() const noexcept { return snapshot_->cells.size(); }
    std::string_view node_name() const noexcept { return snapshot_->settings.node.name; }
    std::uint64_t random_number();

    output& out() noexcept { return out_; }
    mutable_bytes read_buffer() noexcept { return read_buffer_; }
    timer_wheel& wheel() noexcept { return wheel_; }
    log_sampler& sampler() noexcept { return sampler_; }
    agreement_budget& agreements() noexcept { return agreements_; }
    session_lines& lines() noexcept { return lines_; }
    session_table& sessions() noexcept { return sessions_; }
    downlink& downlink_flow() noexcept { return downlink_; }

    // Deadlines may have become earlier: makes sure that the worker wakes up for them.
    void schedule(timed& item, time_point deadline);

    // A session of `device` wants the place of older ones: whoever stands there makes way. The
    // session hears when that is done. `most`: sessions that the device may have on the listener.
    void claim_slot(identity::device_id const& device, device_claim claim, std::uint32_t most);

    // Between the ports of one datagram listener: what arrived at the wrong worker, and where a
    // session of this worker has to be looked for.
    void send_batch(std::uint8_t to, std::size_t listener, std::unique_ptr<handover_batch> batch);
    void ask_for_capacity(std::size_t listener, error why, peer_address const& for_whom);
    void note_address(std::uint8_t home, std::size_t listener, peer_address const& of);
    void drop_note(std::uint8_t home, std::size_t listener, peer_address const& of);
    // Null when it is gone.
    datagram_endpoint* endpoint_of(std::size_t listener);

    // A session began or ended: its device's home learns it. Of more than `most` of the device on
    // one listener the oldest end; 0: of any number none does.
    void announce_opened(device_sighting const& shown, std::size_t backend, std::uint32_t most);
    void announce_closed(identity::device_id const& device, session_id session);

    // Downlink messages for one connection are put together until another's turn or the batch's
    // end.
    output& cork(stream_connection& connection);
    void uncork();
    void uncork_if(stream_connection const& connection);

    // Fills the pool of ephemeral keys again, one key between other work.
    void make_keys_while_idle();

    // A drain waits until as many are closed as were opened.
    void connection_opened() noexcept { open_connections_.add(); }
    void connection_closed() noexcept { open_connections_.subtract(); }

    // The process is short of descriptors: who has proven nothing makes way for a connection from
    // there. False when there is nobody here; then the other workers can be asked.
    bool free_descriptor(peer_address const& for_whom);
    void ask_for_descriptors(peer_address const& for_whom);

    // Takes a new connection, and destroys it when it says that it is done.
    void adopt(listener_runtime& listener, tcp_socket socket, peer_address const& peer);
    void destroy(stream_connection& connection);

    // command_carrier: what was put together goes to the other workers with `dispatch_commands`.
    void forward(std::uint8_t to, forwarded_command&& what) override;
    void send_back(forwarded_command&& what) override;
    void dispatch_commands();

private:
    backend_link& add_link(std::size_t slot);
    std::size_t largest_message_to(std::size_t backend) const;
    listener_runtime& add_runtime(std::size_t slot);
    worker_state* state_of(protocol_module const& protocol);
    void take_commands(std::vector<forwarded_command>&& batch);
    void settle(forwarded_command&& what);
    void execute_some_soon();
    void execute_some();
    void note_opened(device_sighting const& shown, std::size_t backend, std::uint32_t most);
    void end_replaced(session_id old, std::size_t listener);
    void clear_slots(device_claim claim, std::vector<session_id> older);
    void conclude(device_claim const& claim);
    void install(
        std::shared_ptr<shared_snapshot const> next,
        new_sockets& opened,
        std::function<void()> reviewed
    );
    void install_links();
    void install_listeners(new_sockets& opened);
    void retire_listener(std::size_t slot);
    bool take_over(std::size_t slot, socket_use const& socket);
    listener_runtime* heir_of(listener_runtime const& gone);
    void tell_successors(std::size_t slot);
    void begin_review(shared_snapshot const& before, std::function<void()> done);
    void queue_review(std::optional<snapshot_change> why, std::function<void()> done = {});
    void review_some();
    std::size_t review_few(
        std::optional<snapshot_change> const& change, std::vector<session_id>& left
    );
    void list_some();
    void look_up_some();
    bool tidy_up();
    void drain_some();
    void stop();
    void arm_timer();
    void on_timer();

    // Looks now and then whether what a reload removed is unused.
    class tidying final : public timed {
    public:
        explicit tidying(worker& owner) : owner_{owner} {}

    private:
        time_point on_due(time_point now) override;
        worker& owner_;
    };

    // Sessions that are still to be looked at after a change of keys, or of the wall clock.
    struct review {
        std::optional<snapshot_change> change;  // nothing: the wall clock was set
        std::vector<session_id> left;
        std::function<void()> done;
    };
    // A list for an operator that is being put together.
    struct listing {
        session_filter wanted;
        std::vector<session_id> left;
        session_list made;
        std::function<void(session_list)> done;
    };

    struct look_up {
        std::vector<identity::device_id> left;
        std::vector<device_sighting> made;
        std::function<void(std::vector<device_sighting>)> done;
    };

    std::uint8_t index_;
    std::shared_ptr<shared_snapshot const> snapshot_;
    std::deque<std::unique_ptr<worker>>& peers_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<executor> keep_running_{context_.get_executor()};
    steady_timer timer_{context_.get_executor()};
    time_point armed_for_ = never;
    time_point now_;
    bool making_keys_ = false;
    bool draining_ = false;
    bool stopped_ = false;
    std::uint64_t sessions_cut_ = 0;

    crypto::system_random random_;
    crypto::workbench crypto_;
    crypto::x25519_key_pool ephemeral_keys_;
    std::vector<std::pair<protocol_module const*, std::unique_ptr<worker_state>>> protocols_;
    output out_;
    output cork_;
    stream_connection* corked_ = nullptr;
    std::vector<std::uint8_t> read_buffer_;
    timer_wheel wheel_;
    log_sampler sampler_;
    agreement_budget agreements_;
    session_lines lines_;
    session_table sessions_;
    device_directory directory_;
    downlink downlink_;
    command_queues commands_;  // of other workers' backend connections
    bool executing_posted_ = false;
    std::vector<std::vector<forwarded_command>> outgoing_;  // by worker

    metrics::cell open_connections_;

    std::vector<std::unique_ptr<backend_link>> links_;         // by slot
    std::vector<std::unique_ptr<listener_runtime>> runtimes_;  // by slot
    std::vector<std::unique_ptr<stream_listener>> listeners_;
    std::vector<std::unique_ptr<datagram_endpoint>> endpoints_;
    std::deque<review> reviews_;
    std::deque<listing> listings_;
    std::deque<look_up> look_ups_;
    tidying tidying_{*this};
    std::vector<session_id> to_drain_;  // datagram sessions that have not been told yet
    using connection_list = boost::intrusive::list<
        stream_connection,
        boost::intrusive::base_hook<connections_hook>,
        boost::intrusive::constant_time_size<false>>;
    connection_list connections_;
    connection_list leaving_;  // told goodbye by a drain
};

}  // namespace gatehouse
