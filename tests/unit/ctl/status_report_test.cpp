#include "ctl/document.h"
#include "ctl/status_report.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::ctl {

namespace {

constexpr std::string_view status = R"({
  "version": "0.1.0", "pid": 4711, "uptime": 86400.5, "workers": 2, "state": "serving",
  "config": {"file": "/g.yaml", "generation": 3, "loaded": "2026-11-22T19:00:00Z"},
  "listeners": [{"name": "fleet", "protocol": "usmp", "transport": "tcp", "address": "0.0.0.0:9000",
                 "credentials": "fleet", "backend": "telemetry", "sessions": 12,
                 "handshakes": {"ok": 100, "auth_failed": 1, "timeout": 2}, "messages": {"up": 5, "down": 6}}],
  "backends": [{"name": "telemetry", "socket": "/run/t", "connected": 1, "links": 2, "queued_bytes": 2048}]})";

page page_for_test()
{
    // 2026-11-22T20:00:00Z
    return {0, look::plain, std::chrono::system_clock::from_time_t(1'795'377'600), nullptr};
}

TEST(ctl_status_report, says_what_an_operator_wants_to_know)
{
    EXPECT_EQ(
        status_report(parse_document(status), page_for_test()),
        "gatehouse 0.1.0, serving, up 1d, pid 4711, 2 workers\n"
        "configuration /g.yaml, generation 3, loaded 1h ago\n"
        "\n"
        "LISTENER  PROTOCOL  ADDRESS       CREDENTIALS  BACKEND    SESSIONS  HANDSHAKES  FAILED  "
        "UP  DOWN\n"
        "fleet     usmp/tcp  0.0.0.0:9000  fleet        telemetry        12         100       3   "
        "5     6\n"
        "\n"
        "BACKEND    CONNECTED   QUEUED  SOCKET\n"
        "telemetry        1/2  2.0 KiB  /run/t\n"
    );
}

TEST(ctl_status_report, a_failed_reload_is_a_warning)
{
    auto document = parse_document(status);
    document["config"].as_object()["reload_failed"] = parse_document(
        R"({"time": "2026-11-22T19:59:00Z", "problems": [{"file": "a.yaml", "line": 3, "column": 7, "text": "no"}]})"
    );
    auto on = page_for_test();
    EXPECT_NE(
        status_report(document, on)
            .find("\nWARNING: the reload 1m ago failed and changed nothing:\n  a.yaml:3:7: no\n"),
        std::string::npos
    );
    on.style = look::coloured;
    EXPECT_NE(status_report(document, on).find("\x1b[1;31mWARNING"), std::string::npos);
}

TEST(ctl_status_report, an_unsafe_listener_is_a_warning)
{
    auto document = parse_document(status);
    document["listeners"].as_array()[0].as_object()["unsafe"] = "anybody can write";
    EXPECT_NE(
        status_report(document, page_for_test())
            .find("\nWARNING: listener fleet is unsafe: protocol usmp: anybody can write\n"),
        std::string::npos
    );
}

TEST(ctl_status_report, lines_that_were_lost_are_told)
{
    auto document = parse_document(status);
    document["log"] = parse_document(R"({"lines_dropped": 0})");
    document["audit"] = parse_document(R"({"file": null, "lines_dropped": 0})");
    EXPECT_EQ(status_report(document, page_for_test()).find("lost"), std::string::npos);
    document["log"] = parse_document(R"({"lines_dropped": 12})");
    document["audit"] = parse_document(
        R"({"file": "/a", "lines_dropped": 3, "failing": {"since": "2026-11-22T19:00:00Z", "detail": "disk full"}})"
    );
    auto const text = status_report(document, page_for_test());
    EXPECT_NE(
        text.find("\nWARNING: the audit log cannot be written since 1h ago: disk full\n"
                  "WARNING: audit lines lost: 3\nlog lines lost: 12\n"),
        std::string::npos
    ) << text;
}

}  // namespace

}  // namespace gatehouse::ctl
