// Negative vectors, derived from the recorded ones: which change is refused with which error.
#include "conformance/vector_recording.h"

#include <gtest/gtest.h>

#include <optional>

namespace gatehouse::test {
namespace {

class usmp_refusals : public for_each_generation {
protected:
    bool is(wire_generation oldest) const { return vectors().generation() >= oldest; }
    bool v2() const { return is(wire_generation::d1); }

    std::optional<error> of_length(std::size_t actual, std::size_t changed, error shorter) const
    {
        if (changed > 480)
            return error::malformed_oversize;
        if (changed > actual)
            return std::nullopt;  // waits for more
        return shorter;
    }

    // What a session frame with a changed byte must be refused with at once.
    std::optional<error> refusal(bytes frame, bytes changed, std::size_t at, bool mended) const
    {
        auto const type = type_of(changed);
        bool const known =
            (type >= wire_type::data && type <= wire_type::data_frag) || type == wire_type::rekey;
        if (at < 3)
            return error::malformed_magic;
        if (at == 3 && !known)
            return error::malformed_type;
        if (at == 8 || at == 9)
            return of_length(length_of(frame), length_of(changed), error::malformed_checksum);
        if (!mended)
            return error::malformed_checksum;
        if (at >= 4 && at < 8)
            return sequence_of(changed) < sequence_of(frame) ? error::unproven_replay
                                                             : error::unproven_sequence;
        if (at >= 12 && at < 24 && is(wire_generation::c))
            return error::malformed_nonce;
        return error::unproven_frame;
    }

    std::optional<error> hello_refusal(bytes frame, bytes changed, std::size_t at) const
    {
        if (at < 2)
            return error::malformed_magic;
        if (at == 2)
            return error::incompatible_version;
        if (at == 3)
            return error::malformed_type;
        if (at == 8 || at == 9)
            return of_length(length_of(frame), length_of(changed), error::malformed_length);
        return std::nullopt;
    }

    std::optional<error> hello_ack_refusal(bytes frame, bytes changed, std::size_t at) const
    {
        if (at < 3)
            return error::malformed_magic;
        if (at >= 12)
            return error::unproven_key;
        return hello_refusal(frame, changed, at);
    }

    // Says what stands in the way when `frame` is fed after the first `steps` steps.
    std::optional<error> feed_after(std::size_t steps, bytes frame) const
    {
        auto const session = session_after(vectors().honest, steps);
        session->feed(frame);
        return session->failure;
    }
};
GATEHOUSE_FOR_EACH_GENERATION(usmp_refusals);

std::string spelled(std::optional<error> e)
{
    return e ? std::string{describe(*e)} : "accepted";
}

TEST_P(usmp_refusals, each_corrupted_byte)
{
    auto const& steps = vectors().honest.steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].what != recorded_step::action::feed)
            continue;
        auto const& frame = steps[i].data;
        for (std::size_t at = 0; at < frame.size(); ++at)
            for (bool const mended : {false, true}) {
                if (mended && (at == 10 || at == 11))
                    continue;
                auto changed = frame;
                changed[at] ^= 0x10;
                if (mended)
                    mend_checksum(changed);
                auto expected = refusal(frame, changed, at, mended);
                if (i == 0)
                    expected = hello_refusal(frame, changed, at);
                else if (i == 1)
                    expected = hello_ack_refusal(frame, changed, at);
                ASSERT_EQ(spelled(feed_after(i, changed)), spelled(expected))
                    << "step " << i << ", byte " << at << (mended ? ", checksum mended" : "");
            }
    }
}

// A HELLO says nothing that is proven; what was changed in it comes out later.
TEST_P(usmp_refusals, each_corrupted_byte_of_hello_comes_out)
{
    auto const& steps = vectors().honest.steps;
    for (std::size_t at = 12; at < steps[0].data.size(); ++at) {
        SCOPED_TRACE(at);
        auto changed = steps[0].data;
        changed[at] ^= 0x10;
        live_session session{vectors().honest.world};
        session.feed(changed);
        ASSERT_FALSE(session.failure);
        replay(steps[1], session);
        if (at < 18) {
            EXPECT_EQ(spelled(session.failure), spelled(error::unproven_device));
        } else if (is(wire_generation::c)) {
            EXPECT_EQ(spelled(session.failure), spelled(error::unproven_key));
        } else {
            // Up to 0.3 the proof does not cover the keys.
            EXPECT_FALSE(session.failure);
            replay(steps[2], session);
            EXPECT_EQ(spelled(session.failure), spelled(error::unproven_frame));
        }
        EXPECT_TRUE(session.up.empty());
    }
}

TEST_P(usmp_refusals, replayed_frames)
{
    auto const& steps = vectors().honest.steps;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
        if (steps[i].what != recorded_step::action::feed)
            continue;
        auto const refused = feed_after(i + 1, steps[i].data);
        if (i < 2)
            EXPECT_EQ(spelled(refused), spelled(error::malformed_type));
        else if (type_of(steps[i].data) == wire_type::rekey)
            EXPECT_EQ(spelled(refused), spelled(error::unproven_sequence));
        else
            EXPECT_EQ(spelled(refused), spelled(error::unproven_replay));
    }
}

TEST_P(usmp_refusals, reordered_frames)
{
    auto const& steps = vectors().honest.steps;
    EXPECT_EQ(spelled(feed_after(0, steps[1].data)), spelled(error::malformed_type));
    EXPECT_EQ(spelled(feed_after(1, steps[2].data)), spelled(error::malformed_type));
    auto const frames = vectors().device_frames();
    EXPECT_EQ(spelled(feed_after(2, frames[3])), spelled(error::unproven_sequence));
}

TEST_P(usmp_refusals, other_versions)
{
    auto const& steps = vectors().honest.steps;
    for (int version = 0; version < 256; ++version) {
        SCOPED_TRACE(version);
        auto const as_version = [&](std::size_t step) {
            auto changed = steps[step].data;
            changed[2] = static_cast<std::uint8_t>(version);
            mend_checksum(changed);
            return changed;
        };
        bool const spoken = version == 1 || version == 2;
        EXPECT_EQ(
            spelled(feed_after(0, as_version(0))),
            spelled(spoken ? std::nullopt : std::optional{error::incompatible_version})
        );
        if (version == vectors().file.version)
            continue;
        EXPECT_EQ(spelled(feed_after(1, as_version(1))), spelled(error::malformed_magic));
        EXPECT_EQ(spelled(feed_after(2, as_version(2))), spelled(error::malformed_magic));
    }
}

TEST_P(usmp_refusals, other_lengths)
{
    auto const& steps = vectors().honest.steps;
    for (std::size_t step = 0; step < 3; ++step)
        for (std::size_t length = 0; length < 0x10000; length += length < 600 ? 1 : 4099) {
            auto changed = steps[step].data;
            auto const actual = length_of(changed);
            if (length == actual)
                continue;
            changed[8] = static_cast<std::uint8_t>(length);
            changed[9] = static_cast<std::uint8_t>(length >> 8);
            changed.resize(12 + std::min(length, std::size_t{480}), 0x55);
            mend_checksum(changed);
            auto expected = step < 2 ? error::malformed_length : error::unproven_frame;
            auto const least = is(wire_generation::b) ? 28U : 16U;
            if (step == 2 && length < least)
                expected = error::malformed_length;
            if (length > 480)
                expected = error::malformed_oversize;
            ASSERT_EQ(spelled(feed_after(step, changed)), spelled(expected))
                << "step " << step << ", length " << length;
        }
}

TEST_P(usmp_refusals, other_types)
{
    auto const& steps = vectors().honest.steps;
    for (std::size_t step = 0; step < 3; ++step)
        for (int type = 0; type < 256; ++type) {
            if (type == type_of(steps[step].data))
                continue;
            auto changed = steps[step].data;
            changed[3] = static_cast<std::uint8_t>(type);
            mend_checksum(changed);
            bool const of_session = (type >= 5 && type <= 9) || type == 0x0b;
            auto const expected =
                step == 2 && of_session ? error::unproven_frame : error::malformed_type;
            ASSERT_EQ(spelled(feed_after(step, changed)), spelled(expected))
                << "step " << step << ", type " << type;
        }
}

TEST_P(usmp_refusals, a_version_that_is_not_admitted_is_refused_at_hello)
{
    auto world = vectors().honest.world;
    world.config.admit_v1 = v2();
    world.config.admit_v1_bound = v2();
    world.config.admit_v2 = !v2();
    live_session session{world};
    replay(vectors().honest.steps[0], session);
    EXPECT_EQ(spelled(session.failure), spelled(error::incompatible_version));
    EXPECT_TRUE(session.wire.empty());
}

// Which generation of version 1 it is comes out with the proof only.
TEST(usmp_refusals_settings, a_generation_that_is_not_admitted_is_refused_after_its_proof)
{
    for (auto const* name : {"A", "B", "C"}) {
        SCOPED_TRACE(name);
        auto const& vectors = vectors_of(name);
        bool const bound = vectors.generation() == wire_generation::c;
        auto world = vectors.honest.world;
        world.config.admit_v1 = bound;
        world.config.admit_v1_bound = !bound;
        live_session session{world};
        replay(vectors.honest.steps[0], session);
        EXPECT_FALSE(session.failure);
        replay(vectors.honest.steps[1], session);
        EXPECT_EQ(spelled(session.failure), spelled(error::incompatible_generation));
        EXPECT_FALSE(session.get().facts().authenticated);
        EXPECT_EQ(session.wire.size(), 1U) << "no SESSION_OK for it";
        // The log line names the generation that was refused.
        EXPECT_FALSE(session.get().facts().generation.empty());
    }
}

// The proofs of other generations over the same inputs: accepted as what they are where the version
// leaves it open, refused everywhere else.
TEST_P(usmp_refusals, proofs_of_other_generations)
{
    for (auto const& other : vector_generations()) {
        SCOPED_TRACE("proof of " + other);
        auto const& theirs = vectors_of(other);
        live_session session{vectors().honest.world};
        replay(vectors().honest.steps[0], session);
        replay(theirs.honest.steps[1], session);
        bool const same_version = theirs.file.version == vectors().file.version;
        EXPECT_EQ(
            spelled(session.failure),
            spelled(same_version ? std::nullopt : std::optional{error::malformed_magic})
        );
        EXPECT_EQ(session.get().facts().authenticated, same_version);

        // The same proof dressed up in the version that the gateway waits for.
        if (same_version)
            continue;
        auto dressed = theirs.honest.steps[1].data;
        dressed[2] = vectors().file.version;
        mend_checksum(dressed);
        // 0.4.7 and 0.5 prove the same; each version has one of them.
        bool const shared_form = other == "C" || other == "D1";
        EXPECT_EQ(
            spelled(feed_after(1, dressed)),
            spelled(shared_form ? std::nullopt : std::optional{error::unproven_key})
        );
    }
}

// A session of one generation does not understand the frames of another.
TEST_P(usmp_refusals, frames_of_other_generations)
{
    for (auto const& other : vector_generations()) {
        SCOPED_TRACE("frame of " + other);
        auto const& theirs = vectors_of(other);
        auto frame = theirs.honest.steps[2].data;
        frame[2] = vectors().file.version;
        mend_checksum(frame);
        // 0.4.7 and 0.3 share keys, and 0.3 takes any nonce; 1.0 and 1.2 do not differ here.
        bool const same_keys = other == GetParam() || (v2() && theirs.file.version == 2) ||
                               (GetParam() == "B" && other == "C");
        auto const refused = feed_after(2, frame);
        EXPECT_EQ(refused.has_value(), !same_keys) << spelled(refused);
    }
}

}  // namespace
}  // namespace gatehouse::test
