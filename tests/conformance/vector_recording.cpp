#include "conformance/vector_recording.h"

#include <map>

namespace gatehouse::test {

namespace {

using action = recorded_step::action;

bool carries_message(recorded_frame const& frame)
{
    return frame.type == wire_type::data || frame.type == wire_type::data_frag;
}

vector_recording make(std::string const& generation)
{
    vector_recording made{.file = load_vectors(generation), .honest = {}, .answers = {}};
    made.honest.world = world_of(made.file);
    byte_string up;
    byte_string down;
    for (auto const& frame : made.file.stream) {
        auto& partial = frame.from_device ? up : down;
        if (carries_message(frame))
            append(partial, frame.plaintext);
        bool const whole = frame.type == wire_type::data;
        if (frame.from_device)
            made.honest.steps.push_back({.what = action::feed, .data = frame.frame});
        else if (whole)
            made.honest.steps.push_back({.what = action::send, .data = down});
        if (frame.from_device && whole)
            made.honest.up.push_back(up);
        if (whole)
            partial.clear();
        if (!frame.from_device)
            made.answers.push_back(frame);
    }
    // What came of it is what the file says, not what the gateway does.
    auto const expected = made.honest.up;
    complete(made.honest);
    EXPECT_EQ(made.honest.up, expected);
    made.honest.up = expected;
    return made;
}

// 0.3 drew random nonces, ours are computed, and either side accepts either. All but what the nonce
// changes must be as recorded.
void expect_same_but_for_nonce(
    vector_recording const& vectors, recorded_frame const& recorded, byte_string const& said
)
{
    auto const header = [](byte_string const& frame) { return to_hex(bytes{frame}.first(10)); };
    ASSERT_EQ(said.size(), recorded.frame.size());
    EXPECT_EQ(header(said), header(recorded.frame));
    auto const open = [&](bytes frame) {
        return reference::open(
            reference::cipher::aes_256_gcm,
            vectors.file.downlink_key,
            frame.subspan(12, 12),
            frame.first(10),
            frame.subspan(24)
        );
    };
    EXPECT_EQ(open(said), recorded.plaintext);
    EXPECT_EQ(open(recorded.frame), recorded.plaintext);
    byte_string nonce{bytes{said}.begin() + 4, bytes{said}.begin() + 8};
    append(nonce, bytes{vectors.file.session_id}.first(8));
    EXPECT_EQ(to_hex(bytes{said}.subspan(12, 12)), to_hex(nonce));
}

}  // namespace

std::vector<byte_string> vector_recording::device_frames() const
{
    std::vector<byte_string> frames;
    for (auto const& frame : file.stream)
        if (frame.from_device)
            frames.push_back(frame.frame);
    return frames;
}

vector_recording const& vectors_of(std::string const& generation)
{
    static std::map<std::string, vector_recording> known;
    auto found = known.find(generation);
    if (found == known.end())
        found = known.emplace(generation, make(generation)).first;
    return found->second;
}

std::unique_ptr<live_session> session_after(recording const& honest, std::size_t steps)
{
    auto session = std::make_unique<live_session>(honest.world);
    for (std::size_t i = 0; i < steps && i < honest.steps.size(); ++i)
        replay(honest.steps[i], *session);
    return session;
}

void expect_answers(
    vector_recording const& vectors, std::deque<byte_string> const& wire, std::size_t count
)
{
    ASSERT_EQ(wire.size(), count);
    ASSERT_LE(count, vectors.answers.size());
    for (std::size_t i = 0; i < count; ++i) {
        SCOPED_TRACE("answer " + std::to_string(i));
        auto const& recorded = vectors.answers[i];
        if (vectors.generation() == wire_generation::b && recorded.type >= wire_type::data)
            expect_same_but_for_nonce(vectors, recorded, wire[i]);
        else
            EXPECT_EQ(to_hex(wire[i]), to_hex(recorded.frame));
    }
}

}  // namespace gatehouse::test
