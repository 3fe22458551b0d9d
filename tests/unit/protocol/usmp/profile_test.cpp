#include "protocol/usmp/environment.h"
#include "protocol/usmp/profile.h"
#include "support/usmp_profiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace gatehouse::test {
namespace {

TEST(profile, each_release_has_its_own_name)
{
    std::set<std::string_view> names;
    for (auto const* how : all)
        EXPECT_TRUE(names.insert(how->release).second);
}

TEST(profile, a_full_frame_fits_the_payload_limit)
{
    for (auto const* how : all) {
        EXPECT_EQ(how->max_plaintext + how->nonce_size() + 16, 480U) << how->release;
        EXPECT_EQ(how->message_limit(), std::size_t{how->max_plaintext} * how->max_frames);
    }
}

TEST(profile, candidates_have_the_version_asked_for)
{
    for (int version = 0; version < 256; ++version) {
        auto const found = usmp::candidates(static_cast<std::uint8_t>(version));
        EXPECT_EQ(found.empty(), version != 1 && version != 2);
        for (auto const* how : found)
            EXPECT_EQ(how->version, version);
    }
}

// Two candidates of one form of proof could not be told apart.
TEST(profile, candidates_differ_in_their_proof)
{
    for (std::uint8_t version = 1; version <= 2; ++version) {
        std::set<std::pair<bool, bool>> forms;
        for (auto const* how : usmp::candidates(version))
            EXPECT_TRUE(forms.emplace(how->transcript_prefix, how->transcript_keys).second);
        for (auto const* how : all)
            if (how->version == version)
                EXPECT_TRUE(forms.contains({how->transcript_prefix, how->transcript_keys}));
    }
}

TEST(profile, the_release_label_of_0_2_comes_first)
{
    auto const labels = usmp::labels_0_2();
    EXPECT_EQ(labels.size(), 3U);
    EXPECT_EQ(labels.front(), usmp::r0_2.label);
}

TEST(usmp_settings, admit_only_the_safe_generations_unless_said)
{
    usmp::settings const defaults;
    EXPECT_TRUE(defaults.admits(usmp::generation_setting::v2));
    EXPECT_FALSE(defaults.admits(usmp::generation_setting::v1));
    EXPECT_FALSE(defaults.admits(usmp::generation_setting::v1_bound));
    EXPECT_TRUE(defaults.admits_version(2));
    EXPECT_FALSE(defaults.admits_version(1));
    EXPECT_FALSE(defaults.admits_version(0));
    EXPECT_FALSE(defaults.admits_version(3));
}

TEST(usmp_settings, a_version_is_admitted_when_one_of_its_generations_is)
{
    for (auto const* how : all) {
        usmp::settings only;
        only.admit_v1 = how->setting == usmp::generation_setting::v1;
        only.admit_v1_bound = how->setting == usmp::generation_setting::v1_bound;
        only.admit_v2 = how->setting == usmp::generation_setting::v2;
        for (auto const* other : all)
            EXPECT_EQ(only.admits(other->setting), other->setting == how->setting);
        EXPECT_TRUE(only.admits_version(how->version));
        EXPECT_FALSE(only.admits_version(how->version == 1 ? 2 : 1));
    }
}

}  // namespace
}  // namespace gatehouse::test
