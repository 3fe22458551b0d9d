"""Samples for check_style.py: what each rule must find, and what it must leave alone."""

# (rule, path, text): exactly this rule must be found
BAD = [
    ("await", "lib/net/a.cpp", "task f() { co_await run([x] { go(x); }); }"),
    ("await", "lib/net/a.cpp", "task f() { co_await run(\n    options{.a = 1},\n    token\n); }"),
    ("await", "lib/net/a.cpp", "task f() { co_await run({1, 2}); }"),
    ("await", "lib/net/a.cpp", "task f() { co_await (read(s) || wait(t)); }"),
    ("await", "lib/net/a.cpp", "task f() { auto r = co_await (read(s)\n    && wait(t)); }"),
    ("await", "lib/net/a.cpp", "task f() { if (ready || co_await read(s)) { go(); } }"),
    ("await", "lib/net/a.cpp", "task f() { if (co_await read(s) && more) { go(); } }"),
    ("await", "lib/net/a.cpp", "task f() { use(agg{1}, co_await read(s)); }"),
    ("await", "lib/net/a.cpp", "task f() { use({co_await read(s)}); }"),
    ("await", "daemon/a.cpp", "task f() { co_await wait(std::chrono::seconds{5}); }"),
    ("await", "daemon/a.cpp", "task f() { co_return co_await [] { return g(); }(); }"),
    ("coroutine-place", "lib/protocol/a.cpp", "task f() { co_return; }"),
    ("lambda-coroutine", "lib/net/a.cpp", "auto f = [x](int y) mutable -> task { co_return; };"),
    ("lambda-coroutine", "lib/net/a.cpp", "spawn(context, [this] {\n  co_await run();\n});"),
    ("clock", "lib/gateway/a.cpp", "auto now = std::chrono::steady_clock::now();"),
    ("clock", "lib/identity/a.cpp", "auto now = std::time(nullptr);"),
    ("clock", "lib/device/a.cpp", "clock_gettime(CLOCK_MONOTONIC, &now);"),
    ("cast", "lib/wire/a.cpp", "auto p = reinterpret_cast<header*>(data);"),
    ("output", "lib/crypto/a.cpp", 'std::printf("%d", 1);'),
    ("output", "lib/backend/a.cpp", "std::cout << 1;"),
    ("output", "lib/config/a.cpp", "spdlog::info(1);"),
    ("memcmp", "lib/protocol/a.cpp", "if (std::memcmp(a, b, 16) == 0) {}"),
    ("secret-compare", "lib/protocol/a.cpp", "if (psk == other) {}"),
    ("secret-compare", "lib/protocol/a.cpp", "if (key.secret_ != wanted) {}"),
    ("secret-compare", "lib/protocol/a.cpp", "if (wanted == state.session_key) {}"),
    ("secret-compare", "lib/protocol/a.cpp", "if (device_psk.bytes() == given) {}"),
    ("throwing", "daemon/a.cpp", "auto whole = std::filesystem::absolute(path);"),
    ("throwing", "daemon/a.cpp", "auto here = fs::current_path();"),
    ("throwing", "lib/store/a.cpp", "if (std::filesystem::exists(path / name)) {}"),
    ("throwing", "lib/store/a.cpp", "for (auto const& each : fs::directory_iterator(path)) {}"),
    ("throwing", "lib/store/a.cpp", "fs::rename(from, to);"),
    ("throwing", "lib/config/a.cpp", "auto n = std::stoul(text);"),
    ("thread", "daemon/a.cpp", "std::thread made{work};"),
    ("thread", "lib/net/a.cpp", "auto later = std::async(work);"),
    ("thread", "lib/net/a.cpp", "boost::asio::thread_pool more{2};"),
    ("pragma-once", "lib/base/a.h", "struct a {};"),
    ("name", "lib/base/utils.h", "#pragma once\n"),
    ("name", "lib/net/session_manager.cpp", ""),
    ("name", "tests/common/a.py", ""),
    ("length", "lib/net/a.cpp", "int a;\n" * 601),
    ("todo", "lib/net/a.cpp", "// TODO: later"),
    ("todo", "packaging/a.py", "# FIXME later"),
    ("path", "docs/a.md", "see /home/somebody/x"),
    ("path", "packaging/a", "cd /work/main"),
    ("tab", "lib/net/a.cpp", "\tint a;"),
    ("word", "lib/net/a.cpp", "int next_house;"),
    ("word", "daemon/a.cpp", "// who bears the errand"),
    ("word", "tests/unit/a.cpp", "newborn_.reset();"),
    ("word", "lib/net/a.cpp", "void make_room();"),
    ("word", "daemon/a.cpp", "auto place = 1;"),
]

# (path, text): nothing may be found
GOOD = [
    ("lib/net/a.cpp", "// gatehouse makes room in its place\nint gatehouse = 1;\nauto a = std::in_place;"),
    ("lib/net/a.cpp", "task f(socket s) {\n    auto [ec, n] = co_await s.async_wait(socket::wait_read, awaiting);\n    if (a || b) { go(); }\n}"),
    ("lib/net/a.cpp", "task f(socket s) { for (;;) { auto&& [ec] = co_await wait(s); if (ec) { co_return; } } }"),
    ("lib/net/a.cpp", "task f(socket s) { if (co_await ready(s)) { g({1, 2}); } }"),
    ("lib/net/a.cpp", "task f() { while (!(co_await next(s)).empty()) { g([&] { return 1; }); } }"),
    ("lib/net/a.cpp", "task f() { co_await write(s, buffers[0], token<int>); auto g = agg{1}; }"),
    ("lib/net/a.cpp", "// co_await f([x] {})\nauto f = [](int x) { return x; };\ntask g() { co_return; }"),
    ("lib/net/a.cpp", 'task g() { co_await say("a || b {}"); }'),
    ("lib/net/a.cpp", "auto now = clock::now(); auto p = table[1]; spdlog::info(1);"),
    ("lib/gateway/a.cpp", "// steady_clock::now() is read by the worker\nvoid on(time_point now); bool next_time(int);"),
    ("lib/metrics/a.cpp", "std::snprintf(out, 8, format);"),
    ("lib/crypto/a.cpp", "return CRYPTO_memcmp(a, b, n) == 0;"),
    ("lib/identity/a.cpp", "if (psk == nullptr || secret.size() == 16 || it == psks.end() || psk_id == id || a == secret_kind::hex) {}"),
    ("lib/base/a.h", "// What it is for.\n#pragma once\n"),
    ("lib/net/a.cpp", "// TODO(#12): later\nchar c = '\"'; int million = 1'000'000;"),
    ("daemon/a.cpp", "auto whole = std::filesystem::absolute(path, failure); fs::rename(from(1, 2), to, failure);"),
    ("daemon/a.cpp", "if (fs::exists(status) || fs::is_symlink(status)) { fs::path{p}.parent_path(); }"),
    ("lib/net/a.cpp", "std::this_thread::sleep_for(pause); // std::thread"),
    ("docs/a.md", "GET /work-items, ~/home/x, lib/net/work, $HOME/x, /rooted, and/or/work.md"),
    ("Makefile", "all:\n\techo\n"),
]


def self_test(check_file, rules):
    problems = []
    for rule, path, text in BAD:
        found = {r for r, _, _ in check_file(path, text)}
        if found != {rule}:
            problems.append(f"bad sample for {rule} in {path}: found {sorted(found)}: {text[:70]!r}")
    for path, text in GOOD:
        found = check_file(path, text)
        if found:
            problems.append(f"good sample {path} refused: {found}: {text[:70]!r}")
    for rule in sorted(set(rules) - {r for r, _, _ in BAD}):
        problems.append(f"rule {rule} has no bad sample")
    return problems
