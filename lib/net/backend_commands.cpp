// What a backend writes: its commands, executed here or forwarded, and what it is told of those
// that cannot be.
#include "net/backend_link.h"
#include "net/limits.h"
#include "net/log.h"
#include "net/worker.h"

#include <algorithm>
#include <cerrno>

#include <sys/socket.h>

namespace gatehouse {

// At most so much a turn, so that other backends and the devices have theirs.
void backend_link::on_readable(boost::system::error_code failure)
{
    if (!connected_ || failure)
        return;
    auto const free = mutable_bytes{read_buffer_}.subspan(kept_);
    auto const space = free.first(std::min(free.size(), net_limits::read_size));
    auto const got = ::recv(socket_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        if (kept_ > 0)
            cells_.refused_records.add();
        disconnect(
            got < 0      ? "connection reset"
            : kept_ == 0 ? "closed by the backend"
                         : "closed by the backend in the middle of a record"
        );
        return;
    }
    execute_received(kept_ + static_cast<std::size_t>(got));
}

void backend_link::read_on()
{
    turn_over_ = false;
    if (connected_ && !unread_)
        execute_received(kept_);
}

void backend_link::execute_received(std::size_t size)
{
    owner_.tick();
    auto const received = mutable_bytes{read_buffer_}.first(size);
    auto const used = take_records(received);
    owner_.uncork();
    owner_.dispatch_commands();
    if (!connected_)
        return;
    auto const rest = received.subspan(used);
    std::copy(rest.begin(), rest.end(), read_buffer_.begin());
    kept_ = rest.size();
    after_flush();
}

// Executes whole records, as many as may be, and returns how many bytes they were.
std::size_t backend_link::take_records(mutable_bytes received)
{
    std::size_t used = 0;
    std::size_t taken = 0;
    while (connected_ && !unread_ && used < received.size()) {
        if (taken++ == net_limits::records_a_turn) {
            turn_over_ = true;
            break;
        }
        auto const size = codec_->split(received.subspan(used));
        if (!size) {
            refuse({}, describe(size.error()));
            give_up(describe(size.error()));
            break;
        }
        if (*size == 0)
            break;
        take_record(codec_->decode(received.subspan(used, *size)));
        used += *size;
    }
    return used;
}

void backend_link::take_record(backend::decoded const& record)
{
    using verdict = backend::decoded::verdict;
    switch (record.what) {
    case verdict::ignored:
        return;
    case verdict::broken:
        on_broken(record.why);
        return;
    case verdict::refused:
        broken_in_a_row_ = 0;
        refuse(record.value, record.why);
        return;
    case verdict::command:
        broken_in_a_row_ = 0;
        execute(record.value);
        return;
    }
}

// One such record is a mistake, and the commands behind it are good; many are another language.
void backend_link::on_broken(std::string_view why)
{
    refuse({}, why);
    if (++broken_in_a_row_ >= backend::broken_records_in_a_row)
        give_up("too many broken records in a row");
}

// The backend is told before the connection ends.
void backend_link::give_up(std::string_view why)
{
    flush();
    disconnect(why);
}

void backend_link::execute(backend::command const& command)
{
    if (command.kind == backend::command_kind::ack) {
        spool_.acknowledge(command.session, command.sequence);
        pass_receipts();
        return;
    }
    auto const done = owner_.downlink_flow().execute(command, {index_, largest_message_});
    if (!done) {
        refuse(command, describe(done.error()));
        return;
    }
    forwarded_ += *done;
    cells_.forwarded_bytes.set(forwarded_);
    if (forwarded_ >= net_limits::forwarded_bytes)
        stop_reading();
}

// What this backend's commands take on their way to other workers is bounded: more are not read.
void backend_link::stop_reading()
{
    if (!connected_)
        return;
    unread_ = true;
    cells_.unread.set(1);
    cells_.pauses.add();
}

void backend_link::forwarded_is_back(forwarded_command const& what)
{
    forwarded_ -= what.cost();
    cells_.forwarded_bytes.set(forwarded_);
    if (what.failure) {
        identity::device_id::text_buffer text;
        backend::command command;
        command.kind = what.kind;
        command.session = what.session;
        command.device = what.device.text(text);
        command.ref = what.ref;
        refuse(command, describe(*what.failure));
    }
    if (!unread_ || forwarded_ > net_limits::forwarded_bytes / 2)
        return;
    unread_ = false;
    cells_.unread.set(0);
    capacity_.cancel();
}

void backend_link::expect_messages(std::size_t largest)
{
    largest_message_ = std::max(largest_message_, largest);
}

void backend_link::refuse(backend::command const& command, std::string_view why)
{
    cells_.refused_records.add();
    if (auto const left_out =
            owner_.sampler().allow(owner_.now(), error::backend_bad_record, index_))
        log::write(
            log::level::warn,
            "backend record refused",
            {{"backend", config_->name},
             {"worker", owner_.index()},
             {"session", command.session == session_id{} ? "" : command.session.string()},
             {"device", command.device},
             {"reason", why},
             log::field::if_any("suppressed", *left_out)}
        );
    // A backend that sends nonsense and does not read gets no more than this many complaints.
    if (spool_.unsent().size() < config_->queue_limit)
        add(backend::error_record{why, command.session, command.device, command.ref});
    else
        cells_.dropped_errors.add();
}

}  // namespace gatehouse
