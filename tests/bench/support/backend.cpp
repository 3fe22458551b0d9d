#include "bench/support/backend.h"

#include "backend/binary_record.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <sys/socket.h>

namespace gatehouse::bench {

namespace {

namespace records = gatehouse::backend;

std::string make_folder()
{
    auto name = (std::filesystem::temp_directory_path() / "gatehouse-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        give_up("making a folder");
    return name;
}

void append(std::vector<std::uint8_t>& out, std::string_view text)
{
    auto const raw = as_bytes(text);
    out.insert(out.end(), raw.begin(), raw.end());
}

// The gateway's lines hold no escapes and no spaces here, so that searching them is enough.
std::string_view member(std::string_view line, std::string_view key)
{
    auto const at = line.find(key);
    if (at == std::string_view::npos)
        return {};
    auto const from = at + key.size();
    return line.substr(from, line.find('"', from) - from);
}

std::size_t big_endian(bytes number)
{
    std::size_t value = 0;
    for (auto const byte : number)
        value = value << 8 | byte;
    return value;
}

}  // namespace

backend::backend(config::record_format format, answering how)
    : format_{format}
    , how_{how}
    , folder_{make_folder()}
    , path_{folder_ + "/socket"}
    , listening_{listen_local(path_)}
    , thread_{[this] { serve(); }}
{
}

backend::~backend()
{
    stopping_ = true;
    ::shutdown(listening_.get(), SHUT_RDWR);
    auto const connection = connection_.load();
    if (connection >= 0)
        ::shutdown(connection, SHUT_RDWR);
    thread_.join();
    std::filesystem::remove_all(folder_);
}

void backend::serve()
{
    while (!stopping_) {
        descriptor const accepted{::accept(listening_.get(), nullptr, nullptr)};
        if (accepted.get() < 0)
            continue;
        connection_ = accepted.get();
        if (!stopping_)
            serve_connection();
        connection_ = -1;
    }
}

void backend::serve_connection()
{
    buffer received(std::size_t{1} << 20);
    buffer answers;
    std::size_t kept = 0;
    for (;;) {
        auto const space = mutable_bytes{received}.subspan(kept);
        auto const got = ::recv(connection_, space.data(), space.size(), 0);
        if (got <= 0)
            return;
        auto const all = bytes{received}.first(kept + static_cast<std::size_t>(got));
        answers.clear();
        auto const used = take_records(all, answers);
        std::copy(all.begin() + static_cast<std::ptrdiff_t>(used), all.end(), received.begin());
        kept = all.size() - used;
        auto rest = bytes{answers};
        while (!rest.empty()) {
            auto const sent = ::send(connection_, rest.data(), rest.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return;
            rest = rest.subspan(static_cast<std::size_t>(sent));
        }
    }
}

// Returns how many bytes were whole records.
std::size_t backend::take_records(bytes received, buffer& answers)
{
    std::size_t used = 0;
    for (;;) {
        auto const rest = received.subspan(used);
        if (format_ == config::record_format::ndjson) {
            auto const end = as_text(rest).find('\n');
            if (end == std::string_view::npos)
                return used;
            take_line(as_text(rest.first(end)), answers);
            used += end + 1;
            continue;
        }
        if (rest.size() < records::binary_length_size)
            return used;
        auto const size =
            records::binary_length_size + big_endian(rest.first(records::binary_length_size));
        if (rest.size() < size)
            return used;
        take_binary(rest.first(size), answers);
        used += size;
    }
}

void backend::take_line(std::string_view line, buffer& answers)
{
    if (!line.starts_with(R"({"type":"data")"))
        return;
    messages_.fetch_add(1, std::memory_order_relaxed);
    if (how_ == answering::nothing)
        return;
    if (how_ == answering::echoes) {
        append(answers, R"({"type":"data","session":")");
        append(answers, member(line, R"("session":")"));
    } else {
        append(answers, R"({"type":"data","device":")");
        append(answers, member(line, R"("device":")"));
    }
    append(answers, R"(","data":")");
    append(answers, member(line, R"("data":")"));
    append(answers, "\"}\n");
}

void backend::take_binary(bytes record, buffer& answers)
{
    constexpr std::size_t type_at = records::binary_length_size;
    if (record[type_at] != static_cast<std::uint8_t>(records::binary_type::data))
        return;
    messages_.fetch_add(1, std::memory_order_relaxed);
    if (how_ == answering::nothing)
        return;
    auto const at = answers.size();
    answers.insert(answers.end(), record.begin(), record.end());
    constexpr std::size_t session_at = records::binary_flags_offset + 1;
    if (how_ == answering::echoes_by_device)
        std::fill_n(
            answers.begin() + static_cast<std::ptrdiff_t>(at + session_at), 8, std::uint8_t{0}
        );
}

}  // namespace gatehouse::bench
