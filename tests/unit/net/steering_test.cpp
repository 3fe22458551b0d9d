// The kernel's choice of a worker's socket against ours (docs/decisions/0010): every datagram has
// to arrive where lib/gateway/address_home.h or the session's id says.
#include "gateway/address_home.h"
#include "net/datagram_socket.h"
#include "net/endpoints.h"
#include "net/steering.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <poll.h>

namespace gatehouse::test {
namespace {

using boost::asio::ip::make_address;
using udp_address = boost::asio::ip::udp::endpoint;

constexpr std::size_t workers = 3;
constexpr std::size_t devices = 60;
constexpr std::uint8_t data_type = 5;

// A frame like those of USMP, with a worker's number where a session's id begins. Longer or shorter
// than a frame may be, as strangers send them.
byte_string frame(std::uint8_t type, std::size_t size, std::uint8_t worker)
{
    auto made = pattern_bytes(std::max<std::size_t>(size, 17), 0xee);
    made[0] = 0xcd;
    made[1] = 0xab;
    made[2] = 2;
    made[3] = type;
    made[16] = worker;
    made.resize(size);
    return made;
}

constexpr named_frame_rule by_frame{
    .magic = 0xcdab,
    .type_offset = 3,
    .first_type = data_type,
    .worker_offset = 16,
};

// The sockets of all workers at one address, and devices that send to it.
class shared_port {
public:
    explicit shared_port(std::string const& ip, steering_rule const& rule = by_frame)
        : address_{make_address(ip), 0}
    {
        for (auto& one : sockets_) {
            auto bound = bind_datagrams(context_, address_, port_sharing::with_workers, {});
            failure_ = bound.failure;
            if (failure_)
                return;
            address_.port(bound.socket.local_endpoint().port());
            one.emplace(std::move(bound.socket));
        }
        auto const refusal = steer_datagrams(sockets_.back()->native_handle(), rule, workers);
        failure_.assign(refusal, boost::system::system_category());
    }

    // Why nothing can be tried here.
    std::optional<std::string> failure() const
    {
        return failure_ ? std::optional{failure_.message()} : std::nullopt;
    }

    udp_socket device(std::string const& ip)
    {
        udp_address const any_port{make_address(ip), 0};
        return udp_socket{context_.get_executor(), any_port};
    }

    // Sends one datagram, waits until it is there, and returns whose socket got it.
    std::optional<std::size_t> receiver_of(byte_string const& datagram, udp_socket& device)
    {
        auto const peer = address_of(device);
        auto to = address_;
        if (to.address().is_unspecified())
            to.address(device.local_endpoint().address());
        device.send_to(boost::asio::buffer(datagram), to);
        auto const who = wait();
        if (!who || reader_.read(sockets_.at(*who)->native_handle()) != 1)
            return std::nullopt;
        auto const arrived = reader_.at(0);
        EXPECT_EQ(to_string(arrived.from), to_string(peer));
        EXPECT_EQ(to_hex(arrived.data), to_hex(datagram));
        return who;
    }

    static peer_address address_of(udp_socket const& device)
    {
        auto const from = device.local_endpoint();
        return to_peer({from.address(), from.port()});
    }

private:
    std::optional<std::size_t> wait()
    {
        constexpr int patience = 10'000;  // milliseconds
        std::array<::pollfd, workers> waiting{};
        for (std::size_t i = 0; i < workers; ++i)
            waiting.at(i) = {sockets_.at(i)->native_handle(), POLLIN, 0};
        if (::poll(waiting.data(), waiting.size(), patience) != 1)
            return std::nullopt;
        auto const readable = [](::pollfd const& one) { return one.revents == POLLIN; };
        auto const found = std::find_if(waiting.begin(), waiting.end(), readable);
        return static_cast<std::size_t>(found - waiting.begin());
    }

    boost::asio::io_context context_;
    udp_address address_;
    std::array<std::optional<udp_socket>, workers> sockets_;
    datagram_reader reader_;
    boost::system::error_code failure_;
};

// Where the workers listen, and whence a device speaks.
struct path {
    char const* name;
    char const* listener;
    std::vector<char const*> devices;
};

std::ostream& operator<<(std::ostream& out, path const& one)
{
    return out << one.name;
}

class steering : public testing::TestWithParam<path> {
protected:
    void SetUp() override
    {
        if (auto const failure = port.failure())
            GTEST_SKIP() << "not on this machine: " << *failure;
    }

    // Many devices, one after the other.
    template <class Act>
    void for_each_device(Act act)
    {
        for (std::size_t i = 0; i < devices && !HasFailure(); ++i) {
            auto const& from = GetParam().devices;
            auto device = port.device(from[i % from.size()]);
            SCOPED_TRACE(to_string(shared_port::address_of(device)));
            act(device);
        }
    }

    void expect_at_home(byte_string const& datagram, udp_socket& device)
    {
        auto const home = home_of(shared_port::address_of(device), workers);
        EXPECT_EQ(port.receiver_of(datagram, device), home) << to_hex(datagram);
        ++homes_.at(home);
    }

    // Else the trial would not have tried much.
    void expect_everybody_had_some()
    {
        for (auto const count : homes_)
            EXPECT_GT(count, 0);
    }

    shared_port port{GetParam().listener};

private:
    std::array<int, workers> homes_{};
};
INSTANTIATE_TEST_SUITE_P(
    path,
    steering,
    testing::Values(
        path{"ipv4", "127.0.0.1", {"127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.254"}},
        path{"ipv6", "::1", {"::1"}},
        path{"ipv4_at_an_ipv6_socket", "::", {"127.0.0.1", "127.200.100.50"}}
    ),
    [](auto const& instance) { return std::string{instance.param.name}; }
);

TEST_P(steering, what_names_no_session_goes_to_the_home_of_its_address)
{
    auto const proven_ack = hex_bytes("acac05000000000102030405060708");
    for_each_device([&](udp_socket& device) {
        for (std::uint8_t type = 0; type < data_type; ++type)
            expect_at_home(frame(type, 76, 1), device);
        expect_at_home(frame(1, 50, 1), device);
        expect_at_home(proven_ack, device);
        expect_at_home(copy_of(bytes{proven_ack}.first(7)), device);
    });
    expect_everybody_had_some();
}

TEST_P(steering, a_frame_of_a_session_goes_to_the_worker_in_its_id)
{
    constexpr std::uint8_t session_types[] = {0x05, 0x06, 0x08, 0x09, 0x0b, 0xff};
    for_each_device([&](udp_socket& device) {
        for (std::uint8_t worker = 0; worker < workers; ++worker)
            for (auto const type : session_types)
                EXPECT_EQ(port.receiver_of(frame(type, 40, worker), device), worker) << int{type};
    });
}

TEST_P(steering, the_longest_and_the_shortest_frame_that_names_a_session)
{
    for_each_device([&](udp_socket& device) {
        for (std::uint8_t worker = 0; worker < workers; ++worker)
            for (std::size_t const size : {17U, 24U, 492U, 1'024U})
                EXPECT_EQ(port.receiver_of(frame(data_type, size, worker), device), worker) << size;
    });
}

TEST_P(steering, a_worker_that_there_is_not_is_as_good_as_no_name)
{
    constexpr std::uint8_t strange_workers[] = {3, 4, 127, 128, 255};
    for_each_device([&](udp_socket& device) {
        for (auto const worker : strange_workers)
            expect_at_home(frame(data_type, 40, worker), device);
    });
    expect_everybody_had_some();
}

TEST_P(steering, a_datagram_too_short_for_a_name_goes_home)
{
    for_each_device([&](udp_socket& device) {
        for (std::size_t size = 0; size <= 16; ++size)
            expect_at_home(frame(data_type, size, 1), device);
    });
    expect_everybody_had_some();
}

TEST_P(steering, what_is_no_frame_goes_home)
{
    for_each_device([&](udp_socket& device) {
        for (std::size_t const wrong : {0U, 1U}) {
            auto stranger = frame(data_type, 40, 1);
            stranger[wrong] ^= 1;
            expect_at_home(stranger, device);
        }
        expect_at_home(byte_string(200, 0), device);
        expect_at_home(byte_string(1'024, 0xff), device);
    });
    expect_everybody_had_some();
}

// Of bytes that a protocol without a rule may well send.
TEST(steering_without_a_rule, everything_goes_home)
{
    shared_port port{"127.0.0.1", steering_rule{}};
    if (auto const failure = port.failure())
        GTEST_SKIP() << "not on this machine: " << *failure;
    for (int i = 0; i < 20; ++i) {
        auto device = port.device("127.0.0.1");
        auto const home = home_of(shared_port::address_of(device), workers);
        for (std::uint8_t worker = 0; worker < workers; ++worker) {
            byte_string const zeros_and_worker(40, worker);
            EXPECT_EQ(port.receiver_of(zeros_and_worker, device), home) << int{worker};
        }
        EXPECT_EQ(port.receiver_of(byte_string{0, 0, 1, 2}, device), home);
    }
}

// Workers take turns by a byte of the request, whatever its sender.
TEST(steering_by_byte, a_repetition_from_anywhere_finds_the_same_worker)
{
    shared_port port{"127.0.0.1", byte_rule{4}};
    if (auto const failure = port.failure())
        GTEST_SKIP() << "not on this machine: " << *failure;
    for (auto const* from : {"127.0.0.1", "127.0.0.2", "127.1.2.3"})
        for (unsigned byte = 0; byte < 256; byte += 5) {
            auto device = port.device(from);
            auto request = pattern_bytes(52);
            request[4] = static_cast<std::uint8_t>(byte);
            EXPECT_EQ(port.receiver_of(request, device), byte % workers) << byte;
        }
}

TEST(steering_by_byte, what_is_too_short_for_the_byte_arrives_somewhere)
{
    shared_port port{"127.0.0.1", byte_rule{4}};
    if (auto const failure = port.failure())
        GTEST_SKIP() << "not on this machine: " << *failure;
    auto device = port.device("127.0.0.1");
    for (std::size_t size = 0; size <= 5; ++size)
        EXPECT_TRUE(port.receiver_of(pattern_bytes(size), device)) << size;
}

}  // namespace
}  // namespace gatehouse::test
