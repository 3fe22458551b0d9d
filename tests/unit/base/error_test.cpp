#include "base/end_reason.h"
#include "base/error.h"
#include "base/result.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

// Every value that has a text, found by asking.
std::vector<error> all_errors()
{
    std::vector<error> found;
    for (unsigned value = 0; value < 0x10000; ++value)
        if (describe(static_cast<error>(value)) != "unknown error")
            found.push_back(static_cast<error>(value));
    return found;
}

TEST(error, each_has_its_own_text)
{
    std::set<std::string> texts;
    for (auto const e : all_errors())
        EXPECT_TRUE(texts.insert(std::string{describe(e)}).second) << describe(e);
    EXPECT_GE(texts.size(), 30U);
}

TEST(error, each_belongs_to_a_known_class)
{
    std::set<error_class> const known{
        error_class::malformed,
        error_class::unproven,
        error_class::incompatible,
        error_class::limit,
        error_class::backend,
        error_class::resource,
        error_class::internal,
    };
    for (auto const e : all_errors())
        EXPECT_TRUE(known.contains(class_of(e))) << describe(e);
}

TEST(error, the_class_is_the_high_byte)
{
    EXPECT_EQ(class_of(error::malformed_magic), error_class::malformed);
    EXPECT_EQ(class_of(error::unproven_sequence), error_class::unproven);
    EXPECT_EQ(class_of(error::incompatible_generation), error_class::incompatible);
    EXPECT_EQ(class_of(error::limit_idle_time), error_class::limit);
    EXPECT_EQ(class_of(error::internal_closed), error_class::internal);
}

TEST(error, no_text_tells_device_data)
{
    for (auto const e : all_errors()) {
        auto const text = std::string{describe(e)};
        EXPECT_EQ(text.find('%'), std::string::npos);
        EXPECT_EQ(text.find_first_of("0123456789"), std::string::npos) << text;
    }
}

TEST(result, holds_a_value_or_an_error)
{
    result<int> const good{7};
    result<int> const bad{error::limit_idle_time};
    EXPECT_EQ(*good, 7);
    EXPECT_EQ(bad.error(), error::limit_idle_time);
    EXPECT_THROW(static_cast<void>(bad.value()), std::logic_error);
}

TEST(end_reason, each_has_its_own_name)
{
    std::set<std::string_view> names{end_reason_names.begin(), end_reason_names.end()};
    EXPECT_EQ(names.size(), end_reason_names.size());
    EXPECT_EQ(name_of(end_reason::bye), "bye");
    EXPECT_EQ(name_of(end_reason::admin), "admin");
}

TEST(end_reason, follows_from_the_error)
{
    EXPECT_EQ(reason_of(error::limit_idle_time), end_reason::idle);
    EXPECT_EQ(reason_of(error::limit_session_age), end_reason::age);
    EXPECT_EQ(reason_of(error::limit_frame_budget), end_reason::age);
    EXPECT_EQ(reason_of(error::unproven_expired_key), end_reason::revoked);
    EXPECT_EQ(reason_of(error::unproven_frame), end_reason::protocol);
    EXPECT_EQ(reason_of(error::malformed_magic), end_reason::protocol);
}

}  // namespace
}  // namespace gatehouse::test
