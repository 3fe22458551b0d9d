#include "net/log.h"

#include "base/utf8.h"
#include "net/signals_blocked.h"
#include "net/stderr_sink.h"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <memory>

namespace gatehouse::log {

namespace {

constexpr std::size_t queued_lines = 8192;
constexpr std::size_t queued_audit_lines = 256;

std::atomic<level> threshold{level::info};
std::atomic<config::log_format> format{config::log_format::text};

spdlog::level::level_enum to_spdlog(level at) noexcept
{
    switch (at) {
    case level::debug:
        return spdlog::level::debug;
    case level::info:
        return spdlog::level::info;
    case level::warn:
        return spdlog::level::warn;
    case level::error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

level from_config(config::log_level at) noexcept
{
    switch (at) {
    case config::log_level::debug:
        return level::debug;
    case config::log_level::info:
        return level::info;
    case config::log_level::warn:
        return level::warn;
    case config::log_level::error:
        return level::error;
    }
    return level::info;
}

std::string_view name_of(level at) noexcept
{
    switch (at) {
    case level::debug:
        return "debug";
    case level::info:
        return "info";
    case level::warn:
        return "warn";
    case level::error:
        return "error";
    }
    return "";
}

std::string_view upper_name_of(level at) noexcept
{
    switch (at) {
    case level::debug:
        return "DEBUG";
    case level::info:
        return "INFO";
    case level::warn:
        return "WARN";
    case level::error:
        return "ERROR";
    }
    return "";
}

// "2026-11-22T14:03:25.123Z"
std::string timestamp()
{
    using namespace std::chrono;
    auto const now = floor<milliseconds>(system_clock::now());
    auto const seconds_part = floor<seconds>(now);
    auto const calendar = system_clock::to_time_t(seconds_part);
    std::tm fields{};
    ::gmtime_r(&calendar, &fields);
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        fields.tm_year + 1900,
        fields.tm_mon + 1,
        fields.tm_mday,
        fields.tm_hour,
        fields.tm_min,
        fields.tm_sec,
        (now - seconds_part).count()
    );
}

// What a peer or a file chose must not be able to forge a line.
void append_quoted(std::string& line, std::string_view value)
{
    bool const readable = is_utf8(as_bytes(value));
    line += '"';
    for (auto const c : value) {
        auto const code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (line += '\\') += c;
        else if (code < 0x20 || code == 0x7f || (code >= 0x80 && !readable))
            line += fmt::format("\\u{:04x}", code);
        else
            line += c;
    }
    line += '"';
}

bool is_plain(std::string_view value) noexcept
{
    auto const plain = [](char c) {
        return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=';
    };
    return !value.empty() && std::all_of(value.begin(), value.end(), plain);
}

std::string text_line(level at, std::string_view event, std::initializer_list<field> fields)
{
    auto line = timestamp();
    line += fmt::format(" {:<5} ", upper_name_of(at));
    line += event;
    for (auto const& one : fields) {
        if (one.value().empty())
            continue;
        (line += ' ') += one.key();
        line += '=';
        if (is_plain(one.value()))
            line += one.value();
        else
            append_quoted(line, one.value());
    }
    return line;
}

std::string json_line(level at, std::string_view event, std::initializer_list<field> fields)
{
    std::string line = R"({"time":")" + timestamp() + R"(","level":")";
    line += name_of(at);
    line += R"(","event":)";
    append_quoted(line, event);
    for (auto const& one : fields) {
        if (one.value().empty())
            continue;
        line += ',';
        append_quoted(line, one.key());
        line += ':';
        if (one.is_number())
            line += one.value();
        else
            append_quoted(line, one.value());
    }
    line += '}';
    return line;
}

std::string line_of(level at, std::string_view event, std::initializer_list<field> fields)
{
    return format.load(std::memory_order_relaxed) == config::log_format::json
               ? json_line(at, event, fields)
               : text_line(at, event, fields);
}

// A queue with its thread, behind which lines go to standard error.
class channel {
public:
    // `gap` is the event of the line that says how many lines are missing.
    channel(char const* name, std::size_t size, stderr_lines& to, std::string_view gap)
        : sink_{std::make_shared<stderr_sink>(
              to,
              [gap](std::uint64_t lines) {
                  return line_of(level::error, gap, {{"lines", lines}});
              }
          )}
        , writer_{make_writer(size)}
        , logger_{std::make_shared<spdlog::async_logger>(
              name, sink_, writer_, spdlog::async_overflow_policy::overrun_oldest
          )}
    {
        sink_->count_overruns_of(*writer_);
        logger_->set_level(spdlog::level::trace);
        logger_->set_error_handler([sink = sink_](std::string const&) { sink->lose_one(); });
    }

    // What is queued is written, and the thread has ended, before what it used goes.
    ~channel() { writer_.reset(); }
    channel(channel const&) = delete;
    channel& operator=(channel const&) = delete;

    void write(level at, std::string const& line)
    {
        logger_->log(to_spdlog(at), spdlog::string_view_t{line.data(), line.size()});
    }

    std::uint64_t lost() const { return sink_->lost(); }

private:
    static std::shared_ptr<spdlog::details::thread_pool> make_writer(std::size_t size)
    {
        signals_blocked const quiet;
        return std::make_shared<spdlog::details::thread_pool>(size, 1);
    }

    std::shared_ptr<stderr_sink> sink_;
    std::shared_ptr<spdlog::details::thread_pool> writer_;
    std::shared_ptr<spdlog::async_logger> logger_;
};

struct channels {
    stderr_lines standard_error;
    channel all{"gatehouse", queued_lines, standard_error, "log lines lost"};
    channel audit{"audit", queued_audit_lines, standard_error, "audit lines lost"};
};

std::unique_ptr<channels> running;

}  // namespace

void start(config::log_options const& options)
{
    threshold = from_config(options.level);
    format = options.format;
    if (!running)
        running = std::make_unique<channels>();
}

void stop()
{
    if (!running)
        return;
    running->standard_error.stop_waiting();
    running.reset();
}

bool enabled(level at) noexcept
{
    return at >= threshold.load(std::memory_order_relaxed);
}

void write(level at, std::string_view event, std::initializer_list<field> fields)
{
    if (enabled(at) && running)
        running->all.write(at, line_of(at, event, fields));
}

void write_audit(std::initializer_list<field> fields)
{
    if (running)
        running->audit.write(level::info, line_of(level::info, "audit", fields));
}

std::uint64_t lost_lines() noexcept
{
    return running ? running->all.lost() + running->audit.lost() : 0;
}

std::uint64_t lost_audit_lines() noexcept
{
    return running ? running->audit.lost() : 0;
}

}  // namespace gatehouse::log
