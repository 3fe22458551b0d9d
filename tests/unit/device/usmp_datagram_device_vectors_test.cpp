// The datagram device against the recorded traffic of the reference implementations: its datagrams
// byte for byte, UTACKs included.
#include "support/vector_file.h"
#include "unit/device/live_datagram_device.h"
#include "unit/device/recorded_session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace gatehouse::test {

namespace {

using usmp::frame_type;

class datagram_replay {
public:
    explicit datagram_replay(vector_file const& vectors)
        : datagrams_{vectors.datagrams}
        , device_{
              settings_of(vectors),
              device::usual_habits(settings_of(vectors).release),
              drawn_by_device(vectors, vectors.datagrams)}
    {
    }

    void run()
    {
        for (std::size_t at = 0; at < datagrams_.size(); ++at) {
            auto const& each = datagrams_[at];
            if (each.from_device)
                speak(at);
            else
                listen(each);
            ASSERT_FALSE(testing::Test::HasFatalFailure()) << "datagram " << at;
        }
        EXPECT_TRUE(device_.wire.empty());
        EXPECT_TRUE(device_.random_used_up());
        EXPECT_TRUE(device_.get().over());
        EXPECT_EQ(device_.get().last_message(), device::message_fate::delivered);
        EXPECT_EQ(device_.get().delivered(), messages_);
    }

private:
    // UTACKs and all but the first frame of a message come out by themselves.
    void speak(std::size_t at)
    {
        auto const& recorded = datagrams_[at];
        if (device_.wire.empty() && !recorded.is_ack)
            act(at);
        ASSERT_FALSE(device_.wire.empty());
        EXPECT_EQ(to_hex(device_.next()), to_hex(recorded.frame));
    }

    void act(std::size_t at)
    {
        auto const type = static_cast<frame_type>(datagrams_[at].type);
        if (type == frame_type::hello)
            device_.start();
        else if (type == frame_type::data || type == frame_type::data_frag)
            send(at);
        else if (type == frame_type::ping)
            EXPECT_TRUE(device_.ping());
        else if (type == frame_type::rekey)
            EXPECT_TRUE(device_.rekey());
        else if (type == frame_type::bye)
            EXPECT_TRUE(device_.bye());
    }

    void send(std::size_t at)
    {
        byte_string message;
        for (;; ++at) {
            auto const& part = datagrams_[at];
            if (!part.from_device || part.is_ack)
                continue;
            append(message, part.plaintext);
            if (static_cast<frame_type>(part.type) == frame_type::data)
                break;
        }
        EXPECT_TRUE(device_.send(message));
        ++messages_;
    }

    void listen(recorded_datagram const& recorded)
    {
        device_.feed(recorded.frame);
        ASSERT_FALSE(device_.failure) << describe(*device_.failure);
        if (recorded.is_ack)
            return;
        append(heard_, recorded.plaintext);
        if (static_cast<frame_type>(recorded.type) != frame_type::data)
            return;
        ASSERT_EQ(device_.up.size(), 1U);
        EXPECT_EQ(device_.up.front(), std::exchange(heard_, {}));
        device_.up.clear();
    }

    std::vector<recorded_datagram> const& datagrams_;
    live_datagram_device device_;
    byte_string heard_;
    std::uint32_t messages_ = 0;
};

class usmp_datagram_device_vectors : public testing::TestWithParam<std::string> {};

TEST_P(usmp_datagram_device_vectors, are_reproduced)
{
    auto const vectors = load_vectors(GetParam());
    ASSERT_FALSE(vectors.datagrams.empty());
    datagram_replay{vectors}.run();
}

INSTANTIATE_TEST_SUITE_P(
    every,
    usmp_datagram_device_vectors,
    testing::Values("C", "D1", "D2", "D3"),
    [](auto const& suite) { return suite.param; }
);

}  // namespace

}  // namespace gatehouse::test
