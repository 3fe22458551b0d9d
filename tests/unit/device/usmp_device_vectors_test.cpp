// The device against the recorded traffic of the reference implementations: its frames byte for
// byte.
#include "device/usmp_device.h"
#include "support/vector_file.h"
#include "unit/device/device_pair.h"
#include "unit/device/recorded_session.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

namespace gatehouse::test {

namespace {

using usmp::frame_type;

class replay {
public:
    explicit replay(vector_file const& vectors)
        : device_{settings_of(vectors), drawn_by_device(vectors, vectors.stream)}
    {
    }

    void run(std::vector<recorded_frame> const& stream)
    {
        for (auto const& each : stream) {
            if (each.from_device)
                speak(each);
            else
                listen(each);
            ASSERT_FALSE(testing::Test::HasFatalFailure());
        }
        EXPECT_TRUE(device_.wire.empty());
        EXPECT_TRUE(device_.random_used_up());
    }

private:
    // Fragments come out once the whole message is known; answers have come out by themselves.
    void speak(recorded_frame const& recorded)
    {
        auto const type = static_cast<frame_type>(recorded.type);
        expected_.push_back(recorded.frame);
        if (type == frame_type::data_frag || type == frame_type::data)
            append(message_, recorded.plaintext);
        if (type == frame_type::data_frag)
            return;
        if (device_.wire.size() < expected_.size())
            act(type);
        for (auto const& frame : std::exchange(expected_, {})) {
            ASSERT_FALSE(device_.wire.empty());
            EXPECT_EQ(to_hex(device_.wire.front()), to_hex(frame));
            device_.wire.pop_front();
        }
    }

    void act(frame_type type)
    {
        if (type == frame_type::hello)
            device_.start();
        else if (type == frame_type::data)
            EXPECT_TRUE(device_.send(std::exchange(message_, {})));
        else if (type == frame_type::ping)
            EXPECT_TRUE(device_.ping());
        else if (type == frame_type::rekey)
            EXPECT_TRUE(device_.rekey());
        else if (type == frame_type::bye)
            EXPECT_TRUE(device_.bye());
    }

    void listen(recorded_frame const& recorded)
    {
        device_.feed(recorded.frame);
        ASSERT_FALSE(device_.failure) << describe(*device_.failure);
        append(heard_, recorded.plaintext);
        if (static_cast<frame_type>(recorded.type) != frame_type::data)
            return;
        ASSERT_EQ(device_.up.size(), 1U);
        EXPECT_EQ(device_.up.front(), std::exchange(heard_, {}));
        device_.up.clear();
    }

    live_device device_;
    std::vector<byte_string> expected_;
    byte_string message_;
    byte_string heard_;
};

class usmp_device_vectors : public testing::TestWithParam<std::string> {};

TEST_P(usmp_device_vectors, are_reproduced)
{
    auto const vectors = load_vectors(GetParam());
    replay{vectors}.run(vectors.stream);
}

INSTANTIATE_TEST_SUITE_P(
    every,
    usmp_device_vectors,
    testing::ValuesIn(vector_generations()),
    [](auto const& suite) { return suite.param; }
);

}  // namespace

}  // namespace gatehouse::test
