// Copies of a store in use.
#include "unit/store/store_scene.h"

namespace gatehouse::store::testing {
namespace {

class backups : public store_scene {};

TEST_F(backups, are_whole_stores)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1, "in the copy"), at(1)));
    expect_done(opened.backup(path("copy.db")));
    expect_done(opened.add(enrolled(2), at(2)));

    auto wanted = options(open_mode::existing);
    wanted.file = path("copy.db");
    EXPECT_EQ(kind_of(device_store::open(wanted, seal_key(9), random_)), failure_kind::wrong_key);
    auto copy = device_store::open(wanted, seal_key(), random_);
    ASSERT_TRUE(copy);
    EXPECT_EQ(copy->count().value(), 1U);
    EXPECT_EQ(secret_of(copy->find(device(1)).value().keys.at(0)), "in the copy");
    EXPECT_EQ(copy->change_counter().value(), 1U);
    expect_done(copy->add(enrolled(3), at(3)));
}

TEST_F(backups, never_replace_a_file)
{
    auto opened = store();
    std::ofstream{path("copy.db")} << "precious";
    ::chmod(path("copy.db").c_str(), 0600);
    EXPECT_EQ(kind_of(opened.backup(path("copy.db"))), failure_kind::exists);
    EXPECT_EQ(kind_of(opened.backup(path())), failure_kind::exists);
    EXPECT_EQ(kind_of(opened.backup(path("nowhere/copy.db"))), failure_kind::cannot_open);
    EXPECT_EQ(std::filesystem::file_size(path("copy.db")), 8U);
    EXPECT_FALSE(std::filesystem::exists(path("copy.db.partial")));
}

}  // namespace
}  // namespace gatehouse::store::testing
