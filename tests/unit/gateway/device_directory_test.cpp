#include "gateway/device_directory.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace gatehouse::test {
namespace {

identity::device_id device(std::uint8_t last)
{
    std::array<std::uint8_t, 6> const mac{2, 0, 0, 0, 0, last};
    return identity::device_id::from_mac(mac);
}

constexpr std::size_t telemetry = 0;
constexpr std::size_t alarms = 1;
session_id const first{1};
session_id const second{2};
session_id const third{3};

device_sighting with(identity::device_id const& who, session_id session)
{
    return {.device = who, .credentials = 0, .key = 0, .when = 1'000, .session = session};
}

TEST(device_directory, knows_no_device_that_never_came)
{
    device_directory known;
    EXPECT_FALSE(known.newest(device(1), telemetry));
    known.closed(device(1), first);
    EXPECT_FALSE(known.newest(device(1), telemetry));
}

TEST(device_directory, the_newest_session_counts)
{
    device_directory known;
    known.opened(with(device(1), first), telemetry);
    EXPECT_EQ(known.newest(device(1), telemetry), first);
    known.opened(with(device(1), second), telemetry);
    EXPECT_EQ(known.newest(device(1), telemetry), second);
}

TEST(device_directory, tells_names_and_bytes_apart)
{
    std::array<std::uint8_t, 6> const mac{'m', 'e', 't', 'e', 'r', '4'};
    auto const named = identity::device_id::from_name("meter4");
    device_directory known;
    known.opened(with(identity::device_id::from_mac(mac), first), telemetry);
    known.opened(with(named, second), telemetry);
    EXPECT_EQ(known.newest(identity::device_id::from_mac(mac), telemetry), first);
    EXPECT_EQ(known.newest(named, telemetry), second);
    known.closed(named, second);
    EXPECT_FALSE(known.newest(named, telemetry));
    EXPECT_EQ(known.newest(identity::device_id::from_mac(mac), telemetry), first);
}

// Random ids have no order; opening has.
TEST(device_directory, newest_is_by_opening_and_not_by_number)
{
    device_directory known;
    known.opened(with(device(1), third), telemetry);
    known.opened(with(device(1), first), telemetry);
    EXPECT_EQ(known.newest(device(1), telemetry), first);
}

TEST(device_directory, each_backend_has_its_own_newest)
{
    device_directory known;
    known.opened(with(device(1), first), telemetry);
    known.opened(with(device(1), second), alarms);
    EXPECT_EQ(known.newest(device(1), telemetry), first);
    EXPECT_EQ(known.newest(device(1), alarms), second);
    EXPECT_FALSE(known.newest(device(1), 2));
}

TEST(device_directory, devices_do_not_see_each_other)
{
    device_directory known;
    known.opened(with(device(1), first), telemetry);
    known.opened(with(device(2), second), telemetry);
    known.closed(device(2), first);
    EXPECT_EQ(known.newest(device(1), telemetry), first);
    EXPECT_EQ(known.newest(device(2), telemetry), second);
}

TEST(device_directory, when_the_newest_closes_the_one_before_is_newest)
{
    device_directory known;
    known.opened(with(device(1), first), telemetry);
    known.opened(with(device(1), second), telemetry);
    known.opened(with(device(1), third), telemetry);
    known.closed(device(1), third);
    EXPECT_EQ(known.newest(device(1), telemetry), second);
    known.closed(device(1), second);
    EXPECT_EQ(known.newest(device(1), telemetry), first);
    known.closed(device(1), first);
    EXPECT_FALSE(known.newest(device(1), telemetry));
}

// A device that reconnects: its old session is noticed to be dead only later.
TEST(device_directory, an_older_session_that_closes_late_leaves_the_newest)
{
    device_directory known;
    known.opened(with(device(1), first), telemetry);
    known.opened(with(device(1), second), telemetry);
    known.closed(device(1), first);
    EXPECT_EQ(known.newest(device(1), telemetry), second);
}

TEST(device_directory, closing_twice_is_closing_once)
{
    device_directory known;
    known.opened(with(device(1), first), telemetry);
    known.opened(with(device(1), second), telemetry);
    known.closed(device(1), second);
    known.closed(device(1), second);
    EXPECT_EQ(known.newest(device(1), telemetry), first);
}

TEST(device_directory, a_device_may_come_back)
{
    device_directory known;
    for (std::uint64_t i = 1; i < 100; ++i) {
        known.opened(with(device(1), session_id{i}), telemetry);
        EXPECT_EQ(known.newest(device(1), telemetry), session_id{i});
        known.closed(device(1), session_id{i});
        EXPECT_FALSE(known.newest(device(1), telemetry));
    }
}

TEST(home_of, is_one_of_the_workers_and_always_the_same)
{
    for (std::size_t const workers : {1U, 2U, 3U, 8U, 64U, 256U})
        for (std::uint8_t last = 0; last < 255; ++last) {
            EXPECT_LT(home_of(device(last), workers), workers);
            EXPECT_EQ(home_of(device(last), workers), home_of(device(last), workers));
        }
}

TEST(home_of, spreads_neighbouring_devices)
{
    std::set<std::uint8_t> homes;
    for (std::uint8_t last = 0; last < 255; ++last)
        homes.insert(home_of(device(last), 8));
    EXPECT_EQ(homes.size(), 8U);
}

TEST(device_directory, remembers_which_key_a_device_showed_last)
{
    device_directory known;
    EXPECT_FALSE(known.sighting_of(device(1)));
    known.opened({device(1), 1, 7, 1'000, first}, telemetry);
    known.closed(device(1), first);
    auto const seen = known.sighting_of(device(1));
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->credentials, 1U);
    EXPECT_EQ(seen->key, 7U);
    EXPECT_EQ(seen->when, 1'000U);
    EXPECT_EQ(seen->session, session_id{}) << "not connected";
    EXPECT_FALSE(known.newest(device(1), telemetry));
    EXPECT_TRUE(known.others(device(1), second).empty());
}

device_sighting at(std::size_t listener, session_id session, std::uint8_t who = 1)
{
    auto made = with(device(who), session);
    made.listener = listener;
    return made;
}

using ids = std::vector<session_id>;

TEST(device_directory, all_but_the_newest_few_are_surplus)
{
    device_directory known;
    EXPECT_TRUE(known.surplus(device(1), 0, 1).empty());
    for (auto const session : {second, first, third})
        known.opened(at(0, session), telemetry);
    EXPECT_EQ(known.surplus(device(1), 0, 1), (ids{first, second}));
    EXPECT_EQ(known.surplus(device(1), 0, 2), ids{second});
    EXPECT_TRUE(known.surplus(device(1), 0, 3).empty());
    known.closed(device(1), third);
    EXPECT_EQ(known.surplus(device(1), 0, 1), ids{second});
    known.closed(device(1), first);
    known.closed(device(1), second);
    EXPECT_TRUE(known.surplus(device(1), 0, 0).empty());
}

TEST(device_directory, sessions_of_another_listener_or_device_are_no_surplus)
{
    device_directory known;
    known.opened(at(0, first), telemetry);
    known.opened(at(1, second), telemetry);
    known.opened(at(0, third, 2), telemetry);
    EXPECT_TRUE(known.surplus(device(1), 0, 1).empty());
    EXPECT_TRUE(known.surplus(device(1), 1, 1).empty());
    session_id const fourth{4};
    known.opened(at(0, fourth), telemetry);
    EXPECT_EQ(known.surplus(device(1), 0, 1), ids{first});
    EXPECT_TRUE(known.surplus(device(1), 1, 1).empty());
}

TEST(device_directory, the_sessions_of_many_listeners_are_told_apart)
{
    device_directory known;
    auto const last = device_directory::most_listeners - 1;
    for (auto const listener : {std::size_t{0}, std::size_t{255}, std::size_t{256}, last})
        known.opened(at(listener, session_id{listener + 1}), telemetry);
    for (auto const listener : {std::size_t{0}, std::size_t{255}, std::size_t{256}, last})
        EXPECT_EQ(known.surplus(device(1), listener, 0), ids{session_id{listener + 1}});
}

TEST(device_directory, a_newcomer_without_room_takes_the_place_of_at_least_the_oldest)
{
    device_directory known;
    EXPECT_TRUE(known.in_the_way(device(1), 0, 1).empty());
    known.opened(at(1, session_id{9}), telemetry);
    EXPECT_TRUE(known.in_the_way(device(1), 0, 1).empty());
    for (auto const session : {first, second})
        known.opened(at(0, session), telemetry);
    EXPECT_EQ(known.in_the_way(device(1), 0, 1), (ids{second, first}));
    EXPECT_EQ(known.in_the_way(device(1), 0, 2), ids{first});
    EXPECT_EQ(known.in_the_way(device(1), 0, 7), ids{first});
    EXPECT_TRUE(known.in_the_way(device(1), 0, 0).empty()) << "as many as it likes: none makes way";
}

TEST(device_directory, remembers_the_set_of_the_listener_where_it_saw_a_device)
{
    device_directory known;
    auto shown = at(3, first);
    shown.credentials = 7;
    known.opened(shown, telemetry);
    known.opened(at(2, second), telemetry);
    known.closed(device(1), second);
    auto const seen = known.sighting_of(device(1));
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->credentials, 7U);
    EXPECT_EQ(seen->listener, 3U);
}

TEST(device_directory, counts_the_devices_of_each_key_by_what_they_showed_last)
{
    device_directory known;
    known.opened({device(1), 0, 0, 1'000, first}, telemetry);
    known.opened({device(2), 0, 0, 1'001, second}, telemetry);
    known.opened({device(1), 0, 1, 1'002, third}, telemetry);
    auto const uses = known.uses_of(0);
    ASSERT_EQ(uses.size(), 2U);
    EXPECT_EQ(uses[0].seen, 1U);
    EXPECT_EQ(uses[0].last, 1'001U);
    EXPECT_EQ(uses[1].seen, 1U);
    EXPECT_EQ(uses[1].last, 1'002U);
    EXPECT_TRUE(known.uses_of(5).empty());
}

TEST(device_directory, knows_devices_whose_names_are_no_mac_addresses)
{
    device_slots<int> slots;
    identity::device_id const other;
    slots[other] = 3;
    slots[device(1)] = 4;
    ASSERT_NE(slots.find(other), nullptr);
    EXPECT_EQ(*slots.find(other), 3);
    EXPECT_EQ(*slots.find(device(1)), 4);
    EXPECT_EQ(slots.size(), 2U);
    slots.erase(other);
    EXPECT_EQ(slots.find(other), nullptr);
}

TEST(device_directory, a_device_with_several_requests_cannot_be_named)
{
    auto const request = [](session_id session) {
        auto made = with(device(1), session);
        made.is_request = true;
        return made;
    };
    device_directory known;
    EXPECT_FALSE(known.has_several_requests(device(1)));
    known.opened(request(first), telemetry);
    EXPECT_FALSE(known.has_several_requests(device(1)));
    known.opened(request(second), telemetry);
    EXPECT_TRUE(known.has_several_requests(device(1)));
    known.closed(device(1), second);
    EXPECT_FALSE(known.has_several_requests(device(1)));
    EXPECT_EQ(known.newest(device(1), telemetry), first);
}

TEST(device_directory, several_sessions_are_not_several_requests)
{
    device_directory known;
    known.opened(with(device(1), first), telemetry);
    known.opened(with(device(1), second), telemetry);
    EXPECT_FALSE(known.has_several_requests(device(1)));
}

}  // namespace
}  // namespace gatehouse::test
