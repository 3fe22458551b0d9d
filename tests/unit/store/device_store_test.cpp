// Devices: added, found, listed, renamed, closed, removed; and still so after a reopen.
#include "store/limits.h"
#include "unit/store/store_scene.h"

namespace gatehouse::store::testing {
namespace {

class devices : public store_scene {};

TEST_F(devices, are_given_back_as_they_were_added)
{
    auto opened = store();
    auto given = enrolled(7, "newest secret 00");
    given.keys.push_back(key("k0", "older secret 000", {at(100), at(900)}));
    given.legacy_session_id = identity::session_id_length::four;
    expect_done(opened.add(given, at(500)));

    auto const found = opened.find(device(7));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, device(7));
    EXPECT_EQ(found->name, "boiler-7");
    EXPECT_EQ(found->access, device_access::enabled);
    EXPECT_EQ(found->legacy_session_id, identity::session_id_length::four);
    EXPECT_EQ(found->created, at(500));
    EXPECT_EQ(found->changed, at(500));
    ASSERT_EQ(found->keys.size(), 2U);
    EXPECT_EQ(found->keys[0].id, "k1");
    EXPECT_EQ(secret_of(found->keys[0]), "newest secret 00");
    EXPECT_EQ(found->keys[0].window, identity::key_window{});
    EXPECT_EQ(found->keys[1].id, "k0");
    EXPECT_EQ(secret_of(found->keys[1]), "older secret 000");
    EXPECT_EQ(found->keys[1].window, (identity::key_window{at(100), at(900)}));
    EXPECT_FALSE(found->keys[1].revoked_at);
}

TEST_F(devices, outlive_the_process_that_added_them)
{
    {
        auto opened = store();
        expect_done(opened.add(enrolled(1), at(1)));
        expect_done(opened.set_access(device(1), device_access::disabled, at(2)));
    }
    auto opened = store(open_mode::existing);
    auto const found = opened.find(device(1));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->access, device_access::disabled);
    EXPECT_EQ(secret_of(found->keys.at(0)), "a secret of sixteen");
}

TEST_F(devices, that_are_there_are_not_added_again)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1, "the first secret"), at(1)));
    EXPECT_EQ(kind_of(opened.add(enrolled(1, "the other secret"), at(2))), failure_kind::exists);
    EXPECT_EQ(secret_of(opened.find(device(1)).value().keys.at(0)), "the first secret");
}

TEST_F(devices, that_are_not_there_are_named)
{
    auto opened = store();
    auto const why = opened.find(device(9));
    EXPECT_EQ(kind_of(why), failure_kind::unknown_device);
    EXPECT_NE(why.error().text.find("02:00:00:00:00:09"), std::string::npos);
    EXPECT_EQ(kind_of(opened.remove(device(9))), failure_kind::unknown_device);
    EXPECT_EQ(kind_of(opened.rename(device(9), "x", at(1))), failure_kind::unknown_device);
    EXPECT_EQ(
        kind_of(opened.set_access(device(9), device_access::enabled, at(1))),
        failure_kind::unknown_device
    );
    EXPECT_EQ(
        kind_of(opened.add_key(device(9), key("k", "s"), at(1))), failure_kind::unknown_device
    );
    EXPECT_EQ(
        kind_of(opened.rotate(device(9), key("k", "s"), {at(2), at(1)})),
        failure_kind::unknown_device
    );
    EXPECT_EQ(kind_of(opened.revoke_key(device(9), "k", at(1))), failure_kind::unknown_device);
    EXPECT_EQ(kind_of(opened.revoke_keys(device(9), at(1))), failure_kind::unknown_device);
}

TEST_F(devices, are_removed_with_their_keys)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1), at(1)));
    expect_done(opened.add(enrolled(2), at(1)));
    expect_done(opened.remove(device(1)));
    EXPECT_EQ(opened.count().value(), 1U);
    EXPECT_EQ(kind_of(opened.find(device(1))), failure_kind::unknown_device);
    auto again = enrolled(1);
    again.keys.clear();
    expect_done(opened.add(again, at(2)));
    EXPECT_TRUE(opened.find(device(1)).value().keys.empty());
}

TEST_F(devices, are_renamed_and_closed)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1), at(10)));
    expect_done(opened.rename(
        device(1),
        "K\xc3\xbc"
        "che",
        at(20)
    ));
    expect_done(opened.set_access(device(1), device_access::disabled, at(30)));
    auto const found = opened.find(device(1)).value();
    EXPECT_EQ(
        found.name,
        "K\xc3\xbc"
        "che"
    );
    EXPECT_EQ(found.access, device_access::disabled);
    EXPECT_EQ(found.created, at(10));
    EXPECT_EQ(found.changed, at(30));
}

TEST_F(devices, are_walked_in_the_order_of_their_ids)
{
    auto opened = store();
    for (auto const number : {300U, 2U, 70'000U, 1U})
        expect_done(opened.add(enrolled(number, "secret of " + std::to_string(number)), at(1)));
    auto const seen = all(opened);
    ASSERT_EQ(seen.size(), 4U);
    EXPECT_EQ(seen[0].id, device(1));
    EXPECT_EQ(seen[1].id, device(2));
    EXPECT_EQ(seen[2].id, device(300));
    EXPECT_EQ(seen[3].id, device(70'000));
    EXPECT_EQ(secret_of(seen[2].keys.at(0)), "secret of 300");
}

TEST_F(devices, are_listed_by_pages_without_secrets)
{
    auto opened = store();
    for (std::uint32_t number = 1; number <= 5; ++number)
        expect_done(opened.add(enrolled(number), at(1)));
    auto const first = opened.list({.after = {}, .limit = 2, .access = {}, .key_id = {}}).value();
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[1].id, device(2));
    EXPECT_EQ(first[0].keys.at(0).id, "k1");
    EXPECT_EQ(first[0].keys.at(0).secret.size(), 0U);
    auto const last =
        opened.list({.after = device(4), .limit = 2, .access = {}, .key_id = {}}).value();
    ASSERT_EQ(last.size(), 1U);
    EXPECT_EQ(last[0].id, device(5));
}

TEST_F(devices, are_listed_by_access_and_by_key)
{
    auto opened = store();
    for (std::uint32_t number = 1; number <= 4; ++number)
        expect_done(opened.add(enrolled(number), at(1)));
    expect_done(opened.add_key(device(2), key("k2", "another secret"), at(2)));
    expect_done(opened.add_key(device(4), key("k2", "another secret"), at(2)));
    expect_done(opened.set_access(device(4), device_access::disabled, at(2)));

    auto const ids = [&](page_request const& wanted) {
        std::string seen;
        for (auto const& one : opened.list(wanted).value())
            seen += std::to_string(one.id.raw()[5]) + ' ';
        return seen;
    };
    EXPECT_EQ(ids({.after = {}, .access = device_access::enabled, .key_id = {}}), "1 2 3 ");
    EXPECT_EQ(ids({.after = {}, .access = device_access::disabled, .key_id = {}}), "4 ");
    EXPECT_EQ(ids({.after = {}, .access = {}, .key_id = "k2"}), "2 4 ");
    EXPECT_EQ(ids({.after = device(2), .access = {}, .key_id = "k2"}), "4 ");
    EXPECT_EQ(ids({.after = {}, .access = device_access::enabled, .key_id = "k2"}), "2 ");
    EXPECT_EQ(ids({.after = {}, .access = {}, .key_id = "k3"}), "");
}

TEST_F(devices, that_are_not_fit_are_refused)
{
    auto opened = store();
    auto const refused = [&](auto const& spoil) {
        auto made = enrolled(1);
        spoil(made);
        auto const kind = kind_of(opened.add(made, at(1)));
        EXPECT_EQ(opened.count().value(), 0U);
        return kind;
    };
    EXPECT_EQ(refused([](new_device& d) { d.id = {}; }), failure_kind::unfit_value);
    EXPECT_EQ(refused([](new_device& d) { d.name.assign(129, 'x'); }), failure_kind::unfit_value);
    EXPECT_EQ(refused([](new_device& d) { d.name = "a\nb"; }), failure_kind::unfit_value);
    EXPECT_EQ(refused([](new_device& d) { d.name = "\xff"; }), failure_kind::unfit_value);
    EXPECT_EQ(refused([](new_device& d) { d.keys[0].id.clear(); }), failure_kind::unfit_value);
    EXPECT_EQ(refused([](new_device& d) { d.keys[0].secret = {}; }), failure_kind::unfit_value);
    EXPECT_EQ(
        refused([](new_device& d) { d.keys[0] = key("k", std::string(longest_secret + 1, 's')); }),
        failure_kind::unfit_value
    );
    EXPECT_EQ(
        refused([](new_device& d) {
            d.keys[0].window = {at(5), at(5)};
        }),
        failure_kind::unfit_value
    );
    EXPECT_EQ(
        refused([](new_device& d) { d.keys.push_back(key("k1", "s")); }), failure_kind::exists
    );
}

TEST_F(devices, count_every_change_once)
{
    auto opened = store();
    auto const begun = opened.change_counter().value();
    expect_done(opened.add(enrolled(1), at(1)));
    expect_done(opened.rename(device(1), "x", at(2)));
    EXPECT_EQ(opened.change_counter().value(), begun + 2);
    EXPECT_FALSE(opened.add(enrolled(1), at(3)));
    EXPECT_EQ(opened.change_counter().value(), begun + 2);
    expect_done(opened.revoke_key(device(1), "k1", at(4)));
    expect_done(opened.revoke_key(device(1), "k1", at(5)));  // changes nothing more
    EXPECT_EQ(opened.change_counter().value(), begun + 3);

    auto other = store(open_mode::existing);
    expect_done(other.remove(device(1)));
    EXPECT_EQ(opened.change_counter().value(), begun + 4);
}

}  // namespace
}  // namespace gatehouse::store::testing
