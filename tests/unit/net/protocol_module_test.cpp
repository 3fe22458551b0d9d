// A real worker with a protocol that only this test knows: it has no keys, proves nothing, has a
// route, and answers with what a thread of its own has thought out.
#include "base/descriptor.h"
#include "net/protocol_module.h"
#include "net/shared_snapshot.h"
#include "net/stream_listener.h"
#include "net/worker.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

// What the module keeps for all workers.
class thinker {
public:
    void start()
    {
        thread_ = std::thread{[this] { think(); }};
    }
    void stop()
    {
        ask({});
        thread_.join();
    }
    // Nothing: stop.
    void ask(std::function<void()> question)
    {
        std::lock_guard const locked{mutex_};
        asked_.push_back(std::move(question));
        changed_.notify_one();
    }

private:
    void think()
    {
        for (;;) {
            std::unique_lock locked{mutex_};
            changed_.wait(locked, [this] { return !asked_.empty(); });
            auto const question = std::move(asked_.front());
            asked_.pop_front();
            locked.unlock();
            if (!question)
                return;
            question();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> asked_;
    std::thread thread_;
};

struct oracle_options {
    std::string greeting = "ask";
    bool operator==(oracle_options const&) const = default;
};

struct oracle_environment {
    oracle_options options;
    protocol_tools tools;
    thinker& thinks;
};

bool is_line(bytes data)
{
    return !data.empty() && data.back() == '\n';
}

void put(std::string_view text, output& out)
{
    auto const frame = out.wire.frame(text.size());
    std::copy(text.begin(), text.end(), frame.begin());
}

// A line begins a session, which is open when the thinker has been asked and the next line came.
class oracle_session final : public session {
public:
    explicit oracle_session(oracle_environment& env) : env_{env}
    {
        facts_.device = identity::device_id::from_name("visitor");
        facts_.generation = "1";
        facts_.id = env.tools.ids.issue();
    }

    void carried_by(session_carrier& by) override { carrier_ = &by; }

    result<std::size_t> receive(time_point now, mutable_bytes in, output& out) override
    {
        times_.heard = now;
        if (!is_line(in))
            return std::size_t{0};
        if (!asked_) {
            asked_ = true;
            times_.opened = now;
            std::weak_ptr<bool> const alive = alive_;
            env_.thinks.ask([this, alive, &thread = env_.tools.thread] {
                thread.post([this, alive] {
                    if (alive.expired())
                        return;
                    answered_ = true;
                    carrier_->wake();
                });
            });
        } else {
            facts_.authenticated = true;
            out.up.push_back(bytes{in}.first(in.size() - 1));
        }
        return in.size();
    }
    result<> send(time_point, bytes message, output& out) override
    {
        put(std::string{as_text(message)} + '\n', out);
        return {};
    }
    result<> on_deadline(time_point, output& out) override
    {
        if (std::exchange(answered_, false))
            put(env_.options.greeting + '\n', out);
        return {};
    }
    time_point deadline() const override { return never; }
    void end(time_point, output&) override {}
    void peer_closed(time_point) override {}
    std::optional<end_reason> ended() const override { return std::nullopt; }
    session_facts facts() const override { return facts_; }
    std::string_view route() const override { return "/tower"; }
    session_times times() const override { return times_; }
    void set_key_window(identity::key_window const&, wall_time, time_point) override {}

private:
    oracle_environment& env_;
    session_carrier* carrier_ = nullptr;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    session_facts facts_;
    session_times times_{};
    bool asked_ = false;
    bool answered_ = false;
};

class oracle_door final : public stream_door {
public:
    explicit oracle_door(oracle_environment& env) : env_{env} {}

    first_look look(bytes received) const override
    {
        first_look made;
        if (is_line(received))
            made.what = first_look::verdict::hello;
        return made;
    }
    std::size_t hello_limit() const override { return 64; }
    std::unique_ptr<session> open(time_point, peer_address const&) override
    {
        return std::make_unique<oracle_session>(env_);
    }

private:
    oracle_environment& env_;
};

class oracle_host final : public protocol_host {
public:
    explicit oracle_host(oracle_environment const& env) : env_{env} {}

    stream_door& streams() noexcept override { return door_; }
    datagram_door& datagrams() noexcept override { std::abort(); }
    void configure(config::listener const& listener, credential_slot const&) override
    {
        env_.options = listener.options.as<oracle_options>();
    }
    void set_wall_time(wall_time) noexcept override {}
    std::string advice(error, bytes) const override { return {}; }
    std::string advice(error, session_facts const&) const override { return {}; }

private:
    oracle_environment env_;
    oracle_door door_{env_};
};

class oracle_module final : public protocol_module {
public:
    oracle_module() : protocol_module{{.name = "oracle", .danger = "anybody can overhear it"}} {}

    config::protocol_options usual_options() const override
    {
        return config::protocol_options::of(oracle_options{});
    }
    config::protocol_options read(config::yaml_node, config::complaints&) const override
    {
        return usual_options();
    }
    std::unique_ptr<protocol_host> make_host(
        config::listener const& listener, credential_slot const&, protocol_tools tools, std::size_t
    ) const override
    {
        return std::make_unique<oracle_host>(oracle_environment{
            listener.options.as<oracle_options>(), tools, *thinks_});
    }
    std::size_t largest_message(config::listener const&) const override { return 1'000; }
    void start() const override { thinks_->start(); }
    void stop() const override { thinks_->stop(); }

private:
    std::unique_ptr<thinker> const thinks_ = std::make_unique<thinker>();
};

// A line of text from a socket, without its end; what does not come in time is empty.
std::string read_line(int from)
{
    std::string made;
    pollfd waiting{from, POLLIN, 0};
    char next = 0;
    while (::poll(&waiting, 1, 20'000) == 1 && ::recv(from, &next, 1, 0) == 1 && next != '\n')
        made += next;
    return made;
}

void write_text(int to, std::string_view text)
{
    EXPECT_EQ(
        ::send(to, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size())
    );
}

class protocol_module_test : public ::testing::Test {
protected:
    protocol_module_test()
    {
        auto pattern = std::string{"/tmp/gatehouse-module-XXXXXX"};
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        listen_for_gateway();
        make_snapshot();
        module_.start();
        auto& made =
            *workers_.emplace_back(std::make_unique<worker>(std::uint8_t{0}, snapshot_, workers_));
        open_listener(made);
        thread_ = std::thread{[&made] { made.run(); }};
    }

    ~protocol_module_test() override
    {
        workers_.front()->post_stop();
        thread_.join();
        module_.stop();
        ::unlink(backend_path().c_str());
        ::rmdir(folder_.c_str());
    }

    std::string backend_path() const { return folder_ + "/b"; }

    void listen_for_gateway()
    {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        std::strncpy(at.sun_path, backend_path().c_str(), sizeof at.sun_path - 1);
        ASSERT_EQ(::bind(backend_.get(), reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
        ASSERT_EQ(::listen(backend_.get(), 4), 0);
    }

    void make_snapshot()
    {
        config::listener listener;
        listener.name = "delphi";
        config::set_protocol(listener, module_);
        listener.options = config::protocol_options::of(oracle_options{"speak"});
        auto backend = std::make_shared<config::backend>();
        backend->name = "b";
        backend->socket = backend_path();
        snapshot_->settings.workers = 1;
        snapshot_->listeners.push_back({
            .config = std::make_shared<config::listener const>(listener),
            .admitted =
                std::make_shared<admission>(admission_limits{.sessions = 10, .handshakes = 10}),
        });
        snapshot_->backends.push_back(backend);
        identity::keyring::parts none;
        none.key_ids.emplace_back();
        auto& set = snapshot_->credentials.emplace_back();
        set.of_nobody = true;
        set.keyring = std::make_shared<identity::keyring const>(std::move(none), secret_bytes{});
        auto& cells = snapshot_->cells.emplace_back();
        cells.listeners.resize(1);
        cells.backends.resize(1);
        cells.credential_sessions.emplace_back(1);
    }

    void open_listener(worker& made)
    {
        auto const loopback = boost::asio::ip::make_address("127.0.0.1");
        auto bound = bind_stream(made.context(), {loopback, 0}, port_sharing::none);
        ASSERT_FALSE(bound.failure);
        port_ = bound.acceptor.local_endpoint().port();
        auto const sockets = std::make_shared<bound_sockets>(
            config::transport::tcp, config::endpoint{"127.0.0.1", port_}, std::function<void()>{}
        );
        sockets->add(bound.acceptor.release());
        made.add_listener(0, socket_use{sockets, 0});
    }

    int connect() const
    {
        int const made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port_);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(made, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
        return made;
    }

    oracle_module module_;
    std::string folder_;
    descriptor backend_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::shared_ptr<shared_snapshot> snapshot_ = std::make_shared<shared_snapshot>();
    std::deque<std::unique_ptr<worker>> workers_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

TEST_F(protocol_module_test, is_all_that_a_worker_needs_of_a_protocol)
{
    descriptor const link{::accept4(backend_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    EXPECT_NE(read_line(link.get()).find("\"type\":\"hello\""), std::string::npos);
    descriptor const device{connect()};
    write_text(device.get(), "anybody there?\n");
    EXPECT_EQ(read_line(device.get()), "speak")
        << "what another thread found out wakes the session";
    write_text(device.get(), "will it rain?\n");
    auto const opened = read_line(link.get());
    for (auto const* part :
         {"\"type\":\"open\"",
          "\"device\":\"visitor\"",
          "\"protocol\":\"oracle\"",
          "\"listener\":\"delphi\"",
          "\"route\":\"/tower\"",
          "\"authenticated\":false"})
        EXPECT_NE(opened.find(part), std::string::npos) << part << " in " << opened;
    auto const asked = read_line(link.get());
    EXPECT_NE(asked.find("\"data\":\"d2lsbCBpdCByYWluPw==\""), std::string::npos) << asked;
    write_text(link.get(), "{\"type\":\"data\",\"device\":\"visitor\",\"data\":\"bm8=\"}\n");
    EXPECT_EQ(read_line(device.get()), "no");
}

// It has no keys that could be removed or run out.
TEST_F(protocol_module_test, without_keys_goes_on_when_keys_and_clocks_change)
{
    descriptor const link{::accept4(backend_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    read_line(link.get());
    descriptor const device{connect()};
    write_text(device.get(), "a\n");
    EXPECT_EQ(read_line(device.get()), "speak");
    write_text(device.get(), "b\n");
    EXPECT_NE(read_line(link.get()).find("open"), std::string::npos);
    EXPECT_NE(read_line(link.get()).find("data"), std::string::npos);
    auto const next = std::make_shared<shared_snapshot>(*snapshot_);
    auto changed = *next->listeners.front().config;
    changed.idle_timeout = 1h;
    next->listeners.front().config = std::make_shared<config::listener const>(changed);
    workers_.front()->post_clock_step();
    std::promise<void> reviewed;
    workers_.front()->post_install(next, {}, {[] {}, [&reviewed] { reviewed.set_value(); }});
    EXPECT_EQ(reviewed.get_future().wait_for(20s), std::future_status::ready);
    write_text(device.get(), "c\n");
    EXPECT_NE(read_line(link.get()).find("\"data\":\"Yw==\""), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::test
