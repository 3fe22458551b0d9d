// A vector file as the life of a session: what to do to the gateway, and what it must answer.
#pragma once

#include "support/session_script.h"
#include "support/vector_file.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gatehouse::test {

struct vector_recording {
    vector_file file;
    recording honest;
    std::vector<recorded_frame> answers;  // of the gateway, in order

    wire_generation generation() const { return generation_of(file.generation); }

    // The device's own frames, in order.
    std::vector<byte_string> device_frames() const;
};

// Read once a process.
vector_recording const& vectors_of(std::string const& generation);

// Each test runs once for each generation.
class for_each_generation : public testing::TestWithParam<std::string> {
protected:
    vector_recording const& vectors() const { return vectors_of(GetParam()); }
};

#define GATEHOUSE_FOR_EACH_GENERATION(suite)                                               \
    INSTANTIATE_TEST_SUITE_P(                                                              \
        generation,                                                                        \
        suite,                                                                             \
        testing::ValuesIn(vector_generations()),                                           \
        [](testing::TestParamInfo<std::string> const& instance) { return instance.param; } \
    )

// A fresh session after the first `steps` steps.
std::unique_ptr<live_session> session_after(recording const& honest, std::size_t steps);

// What the gateway said, frame by frame, against the recorded answers from `first` on.
void expect_answers(
    vector_recording const& vectors, std::deque<byte_string> const& wire, std::size_t count
);

}  // namespace gatehouse::test
