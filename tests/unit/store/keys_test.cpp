// Keys: added, changed, revoked, forgotten.
#include "store/limits.h"
#include "unit/store/raw_sqlite.h"
#include "unit/store/store_scene.h"

namespace gatehouse::store::testing {
namespace {

class keys : public store_scene {
protected:
    static std::vector<stored_key> keys_of(device_store& opened, std::uint32_t number = 1)
    {
        return std::move(opened.find(device(number)).value().keys);
    }
};

TEST_F(keys, that_are_added_are_the_newest)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1, "first"), at(1)));
    expect_done(opened.add_key(device(1), key("a", "second", {at(5), at(9)}), at(2)));
    expect_done(opened.add_key(device(1), key("z", "third"), at(3)));
    auto const seen = keys_of(opened);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(secret_of(seen[0]), "third");
    EXPECT_EQ(secret_of(seen[1]), "second");
    EXPECT_EQ(seen[1].window, (identity::key_window{at(5), at(9)}));
    EXPECT_EQ(seen[1].created, at(2));
    EXPECT_EQ(secret_of(seen[2]), "first");
    EXPECT_EQ(opened.find(device(1)).value().changed, at(3));
}

TEST_F(keys, have_ids_of_their_own_within_a_device)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1, "first"), at(1)));
    expect_done(opened.add(enrolled(2, "other"), at(1)));
    auto const again = opened.add_key(device(1), key("k1", "second"), at(2));
    EXPECT_EQ(kind_of(again), failure_kind::exists);
    EXPECT_EQ(
        kind_of(opened.rotate(device(1), key("k1", "x"), {at(3), at(2)})), failure_kind::exists
    );
    auto const seen = keys_of(opened);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(secret_of(seen[0]), "first");
    EXPECT_EQ(seen[0].window, identity::key_window{});  // the refused rotation closed nothing
}

TEST_F(keys, are_bounded_in_number)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1), at(1)));
    for (std::size_t number = 2; number <= most_keys; ++number)
        expect_done(opened.add_key(device(1), key('k' + std::to_string(number), "secret"), at(1)));
    EXPECT_EQ(
        kind_of(opened.add_key(device(1), key("one too many", "s"), at(1))),
        failure_kind::too_many_keys
    );
    EXPECT_EQ(
        kind_of(opened.rotate(device(1), key("one too many", "s"), {at(2), at(1)})),
        failure_kind::too_many_keys
    );
    auto crowded = enrolled(2);
    for (std::size_t number = 2; number <= most_keys + 1; ++number)
        crowded.keys.push_back(key('k' + std::to_string(number), "secret"));
    EXPECT_EQ(kind_of(opened.add(crowded, at(1))), failure_kind::too_many_keys);
}

TEST_F(keys, rotate_with_an_overlap)
{
    auto opened = store();
    auto given = enrolled(1, "open for ever");
    given.keys.push_back(key("soon", "closes before", {at(0), at(150)}));
    given.keys.push_back(key("late", "closes after", {at(0), at(900)}));
    given.keys.push_back(key("gone", "closed long ago", {at(0), at(50)}));
    expect_done(opened.add(given, at(1)));
    expect_done(opened.rotate(
        device(1), key("k2", "the new one"), {.close_old_at = at(200), .now = at(100)}
    ));

    auto const seen = keys_of(opened);
    ASSERT_EQ(seen.size(), 5U);
    EXPECT_EQ(seen[0].id, "k2");
    EXPECT_EQ(secret_of(seen[0]), "the new one");
    EXPECT_TRUE(seen[0].window.open_at(at(100)));
    EXPECT_EQ(seen[0].window.not_after, wall_time::max());
    EXPECT_EQ(seen[1].window.not_after, at(200));
    EXPECT_EQ(seen[2].window.not_after, at(150));
    EXPECT_EQ(seen[3].window.not_after, at(200));
    EXPECT_EQ(seen[4].window.not_after, at(50));
    EXPECT_EQ(secret_of(seen[1]), "open for ever");
}

TEST_F(keys, rotate_only_to_one_that_is_valid_now)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1), at(1)));
    auto const later = key("k2", "secret", {at(500), wall_time::max()});
    EXPECT_EQ(
        kind_of(opened.rotate(device(1), later, {at(200), at(100)})), failure_kind::unfit_value
    );
    EXPECT_EQ(keys_of(opened).size(), 1U);
}

TEST_F(keys, that_are_revoked_stay_listed_without_their_secret)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1, "leaked"), at(1)));
    expect_done(opened.add_key(device(1), key("k2", "sound"), at(2)));
    expect_done(opened.revoke_key(device(1), "k1", at(7)));
    auto const seen = keys_of(opened);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_FALSE(seen[0].revoked_at);
    EXPECT_EQ(secret_of(seen[0]), "sound");
    EXPECT_EQ(seen[1].revoked_at, at(7));
    EXPECT_EQ(seen[1].secret.size(), 0U);
    EXPECT_EQ(opened.list({.after = {}, .access = {}, .key_id = "k1"}).value().size(), 1U);

    expect_done(opened.revoke_key(device(1), "k1", at(8)));
    EXPECT_EQ(keys_of(opened)[1].revoked_at, at(7));
    EXPECT_EQ(kind_of(opened.revoke_key(device(1), "k9", at(8))), failure_kind::unknown_key);
    EXPECT_EQ(kind_of(opened.add_key(device(1), key("k1", "back"), at(9))), failure_kind::exists);
}

TEST_F(keys, of_a_device_are_revoked_together)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1), at(1)));
    expect_done(opened.add_key(device(1), key("k2", "secret"), at(2)));
    expect_done(opened.add(enrolled(2), at(1)));
    EXPECT_EQ(opened.revoke_keys(device(1), at(5)).value(), 2U);
    EXPECT_EQ(opened.revoke_keys(device(1), at(6)).value(), 0U);
    for (auto const& one : keys_of(opened))
        EXPECT_EQ(one.revoked_at, at(5));
    EXPECT_FALSE(keys_of(opened, 2).at(0).revoked_at);
}

TEST_F(keys, that_closed_or_were_revoked_are_purged)
{
    auto opened = store();
    auto given = enrolled(1, "open");
    given.keys.push_back(key("closed", "s", {at(0), at(99)}));
    given.keys.push_back(key("closing", "s", {at(0), at(100)}));
    given.keys.push_back(key("revoked", "s"));
    expect_done(opened.add(given, at(1)));
    expect_done(opened.revoke_key(device(1), "revoked", at(50)));
    EXPECT_EQ(opened.purge(at(100)).value(), 2U);
    auto const seen = keys_of(opened);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].id, "k1");
    EXPECT_EQ(seen[1].id, "closing");
    EXPECT_EQ(opened.purge(at(100)).value(), 0U);
}

}  // namespace
}  // namespace gatehouse::store::testing
