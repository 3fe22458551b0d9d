// lib/protocol/array_crypto/request.h: headers of HTTP/1.1, and all that could be read in two ways.
#include "protocol/array_crypto/limits.h"
#include "protocol/array_crypto/request.h"
#include "support/byte_string.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using array_crypto::header_scan;
using array_crypto::read_head;
using array_crypto::request_head;
using array_crypto::verb;

// With what is usual around these fields.
std::string post(std::string const& fields)
{
    return "POST /message HTTP/1.1\r\nHost: gw\r\n" + fields + "\r\n";
}

error fault_of(std::string const& text)
{
    auto const size = header_scan{}.look(as_bytes(text));
    if (!size)
        return size.error();
    EXPECT_EQ(*size, text.size()) << text;
    auto const head = read_head(as_bytes(text));
    EXPECT_FALSE(head) << text;
    return head ? error::internal_closed : head.error();
}

TEST(array_crypto_request, all_that_counts_is_read)
{
    std::string const text = "POST http://gw:8000/dev/a/message?x=/y HTTP/1.1\r\nhost: "
                             "gw:8000\r\nAuthorization: Basic YQ==\r\n"
                             "CONTENT-TYPE: application/octet-stream\r\nContent-Length: "
                             "4096\r\nExpect: 100-Continue\r\n\r\n";
    auto const head = read_head(as_bytes(text));
    ASSERT_TRUE(head);
    EXPECT_EQ(head->method, verb::post);
    EXPECT_EQ(head->path, "/dev/a/message");
    EXPECT_EQ(head->authorization, "Basic YQ==");
    EXPECT_EQ(head->content_type, "application/octet-stream");
    EXPECT_EQ(head->body_size, 4096);
    EXPECT_TRUE(head->has_body_size);
    EXPECT_TRUE(head->keeps_alive);
    EXPECT_TRUE(head->expects_go_ahead);
}

TEST(array_crypto_request, connections_are_kept_only_as_both_sides_wish)
{
    auto const keeps = [](std::string const& text) {
        return read_head(as_bytes(text)).value().keeps_alive;
    };
    EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: gw\r\n\r\n"));
    EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: gw\r\nConnection: keep-alive\r\n\r\n"));
    EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: gw\r\nConnection: close\r\n\r\n"));
    EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
    EXPECT_FALSE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(array_crypto_request, the_end_of_a_header_is_found_however_it_is_cut)
{
    auto const text = post("Content-Length: 3\r\n") + "abc";
    header_scan scan;
    for (std::size_t size = 1; size <= text.size(); ++size) {
        auto const found = scan.look(as_bytes(std::string_view{text}.substr(0, size)));
        ASSERT_TRUE(found);
        EXPECT_EQ(*found, size < text.size() - 3 ? 0 : text.size() - 3);
    }
}

TEST(array_crypto_request, two_lengths_are_refused)
{
    for (auto const* fields :
         {"Content-Length: 5\r\nContent-Length: 6\r\n",
          "Content-Length: 5\r\nContent-Length: 5\r\n",
          "Content-Length: 5\r\ncontent-length: 5\r\n",
          "Content-Length: 5, 5\r\n",
          "Content-Length: 5,6\r\n"})
        EXPECT_EQ(fault_of(post(fields)), error::malformed_framing) << fields;
}

TEST(array_crypto_request, lengths_that_are_no_plain_numbers_are_refused)
{
    for (auto const* value :
         {"", "+5", "-5", "5 5", "0x5", "5;", "1e3", "18446744073709551617", "9999999999999", "٥"})
        EXPECT_EQ(
            fault_of(post("Content-Length: " + std::string{value} + "\r\n")),
            error::malformed_framing
        ) << value;
}

TEST(array_crypto_request, chunks_are_refused_with_a_length_and_without)
{
    for (auto const* fields :
         {"Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
          "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: identity\r\n",
          "Transfer-Encoding: xchunked\r\n",
          "Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n",
          "transfer-encoding: gzip, chunked\r\n"})
        EXPECT_EQ(fault_of(post(fields)), error::malformed_framing) << fields;
}

TEST(array_crypto_request, lines_end_with_cr_lf_only)
{
    for (auto const* text :
         {"GET / HTTP/1.1\nHost: gw\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: gw\n\r\n",
          "GET / HTTP/1.1\r\nHost: gw\r\n\n",
          "GET / HTTP/1.1\r\nHost: gw\rX: y\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: gw\r\r\n\r\n",
          "\r\nGET / HTTP/1.1\r\nHost: gw\r\n\r\n",
          " GET / HTTP/1.1\r\nHost: gw\r\n\r\n"})
        EXPECT_EQ(fault_of(text), error::malformed_framing) << text;
}

TEST(array_crypto_request, folded_lines_and_nuls_are_refused)
{
    EXPECT_EQ(fault_of(post("X: a\r\n b\r\n")), error::malformed_framing);
    EXPECT_EQ(fault_of(post("Content-Length: 5\r\n\t6\r\n")), error::malformed_framing);
    EXPECT_EQ(fault_of(post(std::string{"X: a\0b\r\n", 8})), error::malformed_framing);
}

TEST(array_crypto_request, other_syntax_is_refused)
{
    for (auto const* text :
         {"GET  / HTTP/1.1\r\nHost: gw\r\n\r\n",
          "GET /a b HTTP/1.1\r\nHost: gw\r\n\r\n",
          "GET / HTTP/1.1 \r\nHost: gw\r\n\r\n",
          "GET /\r\nHost: gw\r\n\r\n",
          "GET / HTTP/1.1\r\nHost : gw\r\n\r\n",
          "GET / HTTP/1.1\r\nHost gw\r\n\r\n",
          "GET / HTTP/1.1\r\n: gw\r\nHost: gw\r\n\r\n",
          "G\x01T / HTTP/1.1\r\nHost: gw\r\n\r\n"}) {
        EXPECT_EQ(fault_of(text), error::malformed_request) << text;
    }
}

TEST(array_crypto_request, there_is_one_host_and_one_of_what_counts)
{
    EXPECT_EQ(fault_of("GET / HTTP/1.1\r\n\r\n"), error::malformed_request);
    EXPECT_EQ(fault_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), error::malformed_request);
    EXPECT_EQ(
        fault_of(post("Authorization: Basic YQ==\r\nAuthorization: Basic Yg==\r\n")),
        error::malformed_request
    );
    EXPECT_EQ(
        fault_of(post("Content-Type: a/b\r\nContent-Type: c/d\r\n")), error::malformed_request
    );
}

TEST(array_crypto_request, other_versions_are_told_apart)
{
    EXPECT_EQ(fault_of("GET / HTTP/2.0\r\nHost: gw\r\n\r\n"), error::incompatible_version);
    EXPECT_EQ(fault_of("GET / HTTP/0.9\r\nHost: gw\r\n\r\n"), error::incompatible_version);
}

TEST(array_crypto_request, headers_are_bounded)
{
    std::string many;
    for (std::size_t i = 0; i <= array_crypto::limits::header_fields; ++i)
        many += "X: y\r\n";
    EXPECT_EQ(fault_of(post(many)), error::malformed_oversize);
    std::string const text = "GET / HTTP/1.1\r\nX: " + std::string(9000, 'x');
    header_scan scan;
    EXPECT_EQ(*scan.look(as_bytes(text).first(array_crypto::limits::header_size - 1)), 0);
    EXPECT_EQ(scan.look(as_bytes(text)).error(), error::malformed_oversize);
}

}  // namespace
}  // namespace gatehouse::test
