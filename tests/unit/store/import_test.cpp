// Many devices at once: all, or none.
#include "unit/store/store_scene.h"

namespace gatehouse::store::testing {
namespace {

class import : public store_scene {
protected:
    static std::vector<new_device> some(
        std::uint32_t first, std::uint32_t last, std::string const& secret
    )
    {
        std::vector<new_device> made;
        for (auto number = first; number <= last; ++number)
            made.push_back(enrolled(number, secret));
        return made;
    }
};

TEST_F(import, adds_all)
{
    auto opened = store();
    auto devices = some(1, 1'000, "secret of all of them");
    auto const done = opened.import(from(devices), import_policy::add_only, at(1));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->added, 1'000U);
    EXPECT_EQ(done->replaced, 0U);
    EXPECT_EQ(opened.count().value(), 1'000U);
    EXPECT_EQ(opened.change_counter().value(), 1U);
}

TEST_F(import, that_may_only_add_keeps_nothing_when_one_is_there)
{
    auto opened = store();
    expect_done(opened.add(enrolled(50, "the old secret"), at(1)));
    auto devices = some(1, 100, "the new secret");
    auto const done = opened.import(from(devices), import_policy::add_only, at(2));
    EXPECT_EQ(kind_of(done), failure_kind::exists);
    EXPECT_NE(done.error().text.find("02:00:00:00:00:32"), std::string::npos);
    EXPECT_EQ(opened.count().value(), 1U);
    EXPECT_EQ(secret_of(opened.find(device(50)).value().keys.at(0)), "the old secret");
}

TEST_F(import, that_may_replace_replaces_whole_devices_and_leaves_others)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1, "secret of a stranger"), at(1)));
    auto before = enrolled(3, "the old secret");
    before.keys.push_back(key("k0", "an older secret"));
    expect_done(opened.add(before, at(1)));
    auto devices = some(2, 4, "the new secret");
    auto const done = opened.import(from(devices), import_policy::replace, at(9));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->added, 2U);
    EXPECT_EQ(done->replaced, 1U);
    auto const third = opened.find(device(3)).value();
    ASSERT_EQ(third.keys.size(), 1U);
    EXPECT_EQ(secret_of(third.keys[0]), "the new secret");
    EXPECT_EQ(third.created, at(1));
    EXPECT_EQ(third.changed, at(9));
    EXPECT_EQ(secret_of(opened.find(device(1)).value().keys.at(0)), "secret of a stranger");
}

TEST_F(import, whose_source_fails_keeps_nothing_and_tells_why)
{
    auto opened = store();
    std::uint32_t given = 0;
    auto const failing = [&]() -> outcome<std::optional<new_device>> {
        if (given == 10)
            return failure{failure_kind::unfit_value, "line 11 is no device"};
        return std::optional<new_device>{enrolled(++given)};
    };
    auto const done = opened.import(failing, import_policy::add_only, at(1));
    EXPECT_EQ(kind_of(done), failure_kind::unfit_value);
    EXPECT_EQ(done.error().text, "line 11 is no device");
    EXPECT_EQ(opened.count().value(), 0U);
    expect_done(opened.add(enrolled(1), at(2)));
}

}  // namespace
}  // namespace gatehouse::store::testing
