// Files that are no store of this release.
#include "unit/store/raw_sqlite.h"
#include "unit/store/store_scene.h"

namespace gatehouse::store::testing {
namespace {

class foreign_files : public store_scene {
protected:
    void write(std::string const& text) const
    {
        std::ofstream{path(), std::ios::binary} << text;
        ::chmod(path().c_str(), 0600);
    }
    std::string content() const
    {
        std::ifstream file{path(), std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
};

TEST_F(foreign_files, that_are_no_database_are_refused)
{
    write(std::string(10'000, 'x'));
    EXPECT_EQ(kind_of(try_open(open_mode::existing)), failure_kind::not_a_store);
    EXPECT_EQ(kind_of(try_open(open_mode::create)), failure_kind::not_a_store);
    EXPECT_EQ(content(), std::string(10'000, 'x'));
}

TEST_F(foreign_files, of_another_application_are_refused_and_left_alone)
{
    write("");
    run_sql(
        path(), "PRAGMA application_id = 99; CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)"
    );
    auto const before = content();
    EXPECT_EQ(kind_of(try_open(open_mode::existing)), failure_kind::not_a_store);
    EXPECT_EQ(kind_of(try_open(open_mode::create)), failure_kind::not_a_store);
    EXPECT_EQ(content(), before);
}

TEST_F(foreign_files, without_an_application_are_refused)
{
    write("");
    run_sql(path(), "CREATE TABLE theirs (a)");
    EXPECT_EQ(kind_of(try_open(open_mode::create)), failure_kind::not_a_store);
}

TEST_F(foreign_files, of_a_newer_schema_are_refused_by_name)
{
    expect_done(store().add(enrolled(1), at(1)));
    run_sql(path(), "PRAGMA user_version = 7");
    auto const refused = try_open();
    EXPECT_EQ(kind_of(refused), failure_kind::newer_schema);
    EXPECT_NE(refused.error().text.find("schema 7"), std::string::npos);
    EXPECT_NE(refused.error().text.find("up to 1"), std::string::npos);
}

TEST_F(foreign_files, that_are_empty_become_stores_only_when_asked_for)
{
    write("");
    EXPECT_EQ(kind_of(try_open(open_mode::existing)), failure_kind::not_a_store);
    expect_done(try_open(open_mode::create));
    expect_done(try_open(open_mode::existing));
}

TEST_F(foreign_files, that_are_cut_off_or_overwritten_are_damaged)
{
    {
        auto opened = store();
        std::vector<new_device> devices;
        for (std::uint32_t number = 1; number <= 2'000; ++number)
            devices.push_back(enrolled(number));
        expect_done(opened.import(from(devices), import_policy::add_only, at(1)));
    }
    auto const whole = content();
    write(whole.substr(0, whole.size() / 2));
    auto cut = try_open();
    EXPECT_EQ(
        cut ? kind_of(cut->for_each_device([](stored_device&&) {})) : kind_of(cut),
        failure_kind::damaged
    );

    auto spoiled = whole;
    for (std::size_t slot = 4 * 4096; slot < spoiled.size(); slot += 4096)
        spoiled.replace(slot, 64, 64, '\xff');
    write(spoiled);
    auto opened = try_open();
    ASSERT_TRUE(opened);
    auto const read = opened->for_each_device([](stored_device&&) {});
    EXPECT_EQ(kind_of(read), failure_kind::damaged);
    EXPECT_NE(read.error().text.find("restore a backup"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::store::testing
