#include "base/end_reason.h"
#include "metrics/labels.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

using metrics::handshake_result;
using metrics::rejection;

// Every enumerator of `error`: those that have words of their own.
std::vector<error> all_errors()
{
    std::vector<error> all;
    for (unsigned value = 0; value < 0x10000; ++value) {
        auto const e = static_cast<error>(value);
        if (describe(e) != "unknown error")
            all.push_back(e);
    }
    return all;
}

template <std::size_t N>
void expect_label_values(std::array<std::string_view, N> const& names)
{
    std::set<std::string_view> seen;
    for (auto const name : names) {
        EXPECT_TRUE(seen.insert(name).second) << name << " stands twice";
        EXPECT_FALSE(name.empty());
        EXPECT_TRUE(std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || c == '_';
        })) << name;
    }
}

// The contract's words, and that they stand at their enumerators.
TEST(labels, results_are_named_as_the_contract_says)
{
    EXPECT_EQ(name_of(handshake_result::ok), "ok");
    EXPECT_EQ(name_of(handshake_result::auth_failed), "auth_failed");
    EXPECT_EQ(name_of(handshake_result::unknown_device), "unknown_device");
    EXPECT_EQ(name_of(handshake_result::malformed), "malformed");
    EXPECT_EQ(name_of(handshake_result::timeout), "timeout");
    EXPECT_EQ(name_of(handshake_result::limited), "limited");
    EXPECT_EQ(name_of(handshake_result::unsupported), "unsupported");
    EXPECT_EQ(name_of(handshake_result::aborted), "aborted");
    EXPECT_EQ(
        metrics::handshake_result_names.size(),
        static_cast<std::size_t>(handshake_result::aborted) + 1
    );
}

TEST(labels, rejections_are_named_as_the_contract_says)
{
    EXPECT_EQ(name_of(rejection::replay), "replay");
    EXPECT_EQ(name_of(rejection::decrypt), "decrypt");
    EXPECT_EQ(name_of(rejection::malformed), "malformed");
    EXPECT_EQ(name_of(rejection::sequence), "sequence");
    EXPECT_EQ(name_of(rejection::oversize), "oversize");
    EXPECT_EQ(name_of(rejection::flood), "flood");
    EXPECT_EQ(metrics::rejection_names.size(), static_cast<std::size_t>(rejection::flood) + 1);
}

TEST(labels, reasons_are_named_as_the_contract_says)
{
    EXPECT_EQ(name_of(end_reason::bye), "bye");
    EXPECT_EQ(name_of(end_reason::eof), "eof");
    EXPECT_EQ(name_of(end_reason::idle), "idle");
    EXPECT_EQ(name_of(end_reason::age), "age");
    EXPECT_EQ(name_of(end_reason::revoked), "revoked");
    EXPECT_EQ(name_of(end_reason::replaced), "replaced");
    EXPECT_EQ(name_of(end_reason::protocol), "protocol");
    EXPECT_EQ(name_of(end_reason::backend), "backend");
    EXPECT_EQ(name_of(end_reason::shutdown), "shutdown");
    EXPECT_EQ(name_of(end_reason::admin), "admin");
    EXPECT_EQ(name_of(end_reason::done), "done");
    EXPECT_EQ(name_of(end_reason::timeout), "timeout");
    EXPECT_EQ(end_reason_names.size(), static_cast<std::size_t>(end_reason::timeout) + 1);
}

TEST(labels, directions_and_key_states_are_named_as_the_contract_says)
{
    auto const of = [](auto const& names, auto value) {
        return names.at(static_cast<std::size_t>(value));
    };
    EXPECT_EQ(of(metrics::direction_names, metrics::direction::up), "up");
    EXPECT_EQ(of(metrics::direction_names, metrics::direction::down), "down");
    EXPECT_EQ(of(metrics::key_state_names, metrics::key_state::active), "active");
    EXPECT_EQ(of(metrics::key_state_names, metrics::key_state::expiring), "expiring");
    EXPECT_EQ(of(metrics::key_state_names, metrics::key_state::expired), "expired");
    EXPECT_EQ(of(metrics::key_state_names, metrics::key_state::revoked), "revoked");
    EXPECT_EQ(of(metrics::key_state_names, metrics::key_state::pending), "pending");
}

TEST(labels, every_name_is_one_plain_word_of_its_own)
{
    expect_label_values(metrics::handshake_result_names);
    expect_label_values(metrics::rejection_names);
    expect_label_values(metrics::direction_names);
    expect_label_values(metrics::key_state_names);
    expect_label_values(end_reason_names);
    expect_label_values(metrics::request_result_names);
}

TEST(labels, each_row_of_the_request_checks_has_its_own_result)
{
    using metrics::request_result_of;
    std::map<error, std::string_view> const rows{
        {error::malformed_oversize, "oversize"},
        {error::malformed_truncated, "truncated"},
        {error::incompatible_suite, "unsupported_cipher"},
        {error::malformed_reply_flag, "not_request"},
        {error::malformed_public_key, "invalid_point"},
        {error::unproven_frame, "decrypt_failed"},
        {error::unproven_client, "client_auth_failed"},
        {error::unproven_device, "unknown_device"},
        {error::unproven_key, "key_not_accepted"},
        {error::unproven_expired_key, "key_not_accepted"},
        {error::unproven_revoked_key, "key_not_accepted"},
        {error::unproven_disabled_device, "key_not_accepted"},
        {error::unproven_anonymous, "anonymous"},
        {error::unproven_reused_point, "reused_dh"},
        {error::unproven_replayed, "repeated_unanswered"},
        {error::limit_requests, "limited"},
        {error::limit_gateway_key, "limited"},
        {error::limit_gateway_key_share, "limited"},
        {error::limit_agreements, "limited"},
        {error::limit_handshake_rate, "limited"},
        {error::limit_sessions, "limited"},
        {error::limit_backend_backlog, "backend"},
    };
    for (auto const& [why, wanted] : rows)
        EXPECT_EQ(name_of(request_result_of(why)), wanted) << describe(why);
    EXPECT_EQ(
        metrics::request_result_names.size(),
        static_cast<std::size_t>(metrics::request_result::backend) + 1
    );
}

TEST(labels, every_error_has_a_class_and_a_result)
{
    auto const all = all_errors();
    EXPECT_GE(all.size(), 38U);
    for (auto const e : all) {
        auto const c = static_cast<unsigned>(class_of(e));
        EXPECT_TRUE((c >= 1 && c <= 6) || c == 0x0f) << describe(e);
        EXPECT_FALSE(name_of(metrics::result_of(e)).empty()) << describe(e);
        EXPECT_NE(metrics::result_of(e), handshake_result::ok) << describe(e);
    }
}

TEST(labels, results_go_by_class_with_few_exceptions)
{
    std::map<error_class, handshake_result> const by_class{
        {error_class::malformed, handshake_result::malformed},
        {error_class::unproven, handshake_result::auth_failed},
        {error_class::incompatible, handshake_result::unsupported},
        {error_class::limit, handshake_result::limited},
        {error_class::backend, handshake_result::limited},
        {error_class::resource, handshake_result::limited},
        {error_class::internal, handshake_result::limited},
    };
    std::map<error, handshake_result> const exceptions{
        {error::unproven_device, handshake_result::unknown_device},
        {error::unproven_signature, handshake_result::unknown_device},
        {error::limit_hello_time, handshake_result::timeout},
        {error::limit_handshake_time, handshake_result::timeout},
        {error::unproven_hang_up, handshake_result::aborted},
    };
    for (auto const e : all_errors()) {
        auto const found = exceptions.find(e);
        auto const wanted = found != exceptions.end() ? found->second : by_class.at(class_of(e));
        EXPECT_EQ(name_of(metrics::result_of(e)), name_of(wanted)) << describe(e);
    }
}

TEST(labels, a_rejection_is_counted_when_a_frame_was_at_fault_and_only_then)
{
    std::map<error, rejection> const frames{
        {error::malformed_magic, rejection::malformed},
        {error::malformed_length, rejection::malformed},
        {error::malformed_type, rejection::malformed},
        {error::malformed_checksum, rejection::malformed},
        {error::malformed_nonce, rejection::malformed},
        {error::malformed_public_key, rejection::malformed},
        {error::malformed_fragments, rejection::malformed},
        {error::malformed_oversize, rejection::oversize},
        {error::malformed_record, rejection::malformed},
        {error::malformed_truncated, rejection::malformed},
        {error::malformed_reply_flag, rejection::malformed},
        {error::malformed_request, rejection::malformed},
        {error::malformed_framing, rejection::malformed},
        {error::unproven_frame, rejection::decrypt},
        {error::unproven_stale, rejection::replay},
        {error::unproven_replay, rejection::replay},
        {error::unproven_reflection, rejection::replay},
        {error::unproven_sequence, rejection::sequence},
        {error::limit_control_frames, rejection::flood},
        {error::limit_frame_time, rejection::malformed},
    };
    for (auto const e : all_errors()) {
        auto const found = frames.find(e);
        auto const wanted = found != frames.end() ? std::optional{found->second} : std::nullopt;
        EXPECT_EQ(metrics::rejection_of(e), wanted) << describe(e);
    }
}

TEST(labels, limits_are_named_by_their_settings)
{
    expect_label_values(metrics::limit_names);
    std::set<metrics::limit> seen;
    for (auto const e : all_errors())
        if (auto const limit = metrics::limit_of(e)) {
            seen.insert(*limit);
            EXPECT_TRUE(class_of(e) == error_class::limit || class_of(e) == error_class::resource);
        }
    EXPECT_EQ(seen.size(), metrics::limit_names.size()) << "a limit that nothing counts under";
    EXPECT_EQ(
        metrics::limit_names.at(static_cast<std::size_t>(metrics::limit::descriptors)),
        "descriptors"
    );
}

}  // namespace
}  // namespace gatehouse::test
