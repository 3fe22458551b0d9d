#include "request_run.h"

#include "message_line.h"
#include "net/clock.h"
#include "wire/reader.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

#include <poll.h>

namespace gatehouse::sim {

namespace {

constexpr rough_path::traveller upwards{.device = 0, .where = rough_path::way::up};
constexpr rough_path::traveller downwards{.device = 0, .where = rough_path::way::down};
constexpr std::size_t read_size = 65536;
constexpr std::size_t reads_a_turn = 256;

device::pssst_device make_device(crypto::workbench& crypto, request_options const& options)
{
    if (!options.own_key)
        return {crypto, options.gateway_key};
    auto made = device::pssst_device::with_key(crypto, options.gateway_key, *options.own_key);
    if (!made)
        throw usage_error{"--gateway-key is no usable key"};
    return *made;
}

duration interval_of(double rate)
{
    if (!std::isfinite(rate) || rate <= 0)
        return duration::zero();
    return std::chrono::duration_cast<duration>(std::chrono::duration<double>{1 / rate});
}

}  // namespace

request_run::request_run(request_options const& options)
    : options_{options}
    , device_{make_device(crypto_, options)}
    , path_{options.path}
    , buffer_(read_size)
{
    if (options.lines)
        input_.emplace(context_.get_executor());
}

failure request_run::run()
{
    if (auto const wrong = line_.open(options_.gateway))
        return wrong;
    auto const begun = read_clock();
    next_begin_ = begun;
    for (auto now = begun; !done(); now = read_clock()) {
        begin_some(now);
        repeat_due(now);
        pass_held_back(now);
        wait(now);
        read_socket(read_clock());
    }
    figures_.lasted = read_clock() - begun;
    return {};
}

bool request_run::done() const
{
    bool const no_more = figures_.requests >= options_.count || out_of_lines_;
    return no_more && waiting_.empty();
}

std::optional<std::string> request_run::next_message()
{
    return input_ ? input_->next() : std::optional{options_.message};
}

void request_run::begin_some(time_point now)
{
    auto const interval = interval_of(options_.rate);
    while (figures_.requests < options_.count && waiting_.size() < options_.under_way &&
           now >= next_begin_) {
        auto const message = next_message();
        if (!message) {
            out_of_lines_ = input_->at_end();
            return;
        }
        ask(now, *message);
        next_begin_ += interval;
    }
}

void request_run::ask(time_point now, std::string const& message)
{
    auto made = device_.request(random_, as_bytes(message));
    if (!made)
        throw usage_error{"--gateway-key is no usable key"};
    ++figures_.requests;
    post(now, made->packet());
    auto const dh =
        wire::reader{made->packet().subspan(pssst::header_size)}.array<pssst::dh_size>();
    waiting_.emplace(dh, waiting_request{std::move(*made), now});
    repetitions_.emplace(later(now, options_.retry), dh);
}

void request_run::post(time_point now, bytes packet)
{
    if (path_.pass(now, upwards, packet))
        line_.send(packet);
}

// The packet as it was: another one under the same key would give the key away.
void request_run::repeat_due(time_point now)
{
    while (!repetitions_.empty() && repetitions_.begin()->first <= now) {
        auto const dh = repetitions_.extract(repetitions_.begin()).mapped();
        auto const found = waiting_.find(dh);
        if (found == waiting_.end())
            continue;
        auto& one = found->second;
        if (one.tries >= options_.tries) {
            ++figures_.unanswered;
            waiting_.erase(found);
            continue;
        }
        post(now, one.request.packet());
        ++figures_.repeated;
        repetitions_.emplace(later(now, options_.retry * (1U << one.tries)), dh);
        ++one.tries;
    }
}

void request_run::pass_held_back(time_point now)
{
    while (auto delayed = path_.take_due(now)) {
        if (delayed->who.where == rough_path::way::up)
            line_.send(delayed->datagram);
        else
            hear(now, delayed->datagram);
    }
}

void request_run::read_socket(time_point now)
{
    for (std::size_t i = 0; i < reads_a_turn; ++i) {
        auto const size = line_.receive(buffer_);
        if (!size)
            return;
        auto const packet = mutable_bytes{buffer_}.first(*size);
        if (path_.pass(now, downwards, packet))
            hear(now, packet);
    }
}

void request_run::hear(time_point now, mutable_bytes packet)
{
    auto const found =
        packet.size() < pssst::body_offset
            ? waiting_.end()
            : waiting_.find(wire::reader{packet.subspan(pssst::header_size)}.array<pssst::dh_size>()
              );
    if (found == waiting_.end()) {
        ++figures_.strangers;
        return;
    }
    auto const message = found->second.request.open(crypto_, packet);
    if (!message) {
        ++figures_.strangers;
        return;
    }
    ++figures_.replies;
    figures_.times.record(now - found->second.asked);
    if (options_.output == request_output::replies)
        print_message(*message);
    waiting_.erase(found);
}

time_point request_run::next_due() const
{
    auto next = path_.next_due();
    if (!repetitions_.empty())
        next = std::min(next, repetitions_.begin()->first);
    bool const may_begin =
        figures_.requests < options_.count && waiting_.size() < options_.under_way && !input_;
    return may_begin ? std::min(next, next_begin_) : next;
}

void request_run::wait(time_point now)
{
    if (done())
        return;
    using std::chrono::milliseconds;
    auto const due = next_due();
    auto const patience =
        due == never ? milliseconds{-1}
                     : std::chrono::ceil<milliseconds>(std::max(due - now, duration::zero()));
    bool const wants_lines = input_ && !input_->at_end() && waiting_.size() < options_.under_way;
    std::array<::pollfd, 2> wanted{{
        {line_.socket().native_handle(), POLLIN, 0},
        {wants_lines ? input_->source().native_handle() : -1, POLLIN, 0},
    }};
    auto const ready = ::poll(wanted.data(), wanted.size(), static_cast<int>(patience.count()));
    if (ready > 0 && wanted[1].revents != 0)
        input_->read({});
}

}  // namespace gatehouse::sim
