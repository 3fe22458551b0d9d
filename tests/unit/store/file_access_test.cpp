// Who may touch the files: refused before anything in them is read.
#include "unit/store/child_process.h"
#include "unit/store/store_scene.h"

#include <unistd.h>

namespace gatehouse::store::testing {
namespace {

mode_t mode_of(std::string const& file)
{
    struct stat facts {};
    return ::stat(file.c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0;
}

constexpr uid_t nobody = 65'534;

class store_files : public store_scene {};

TEST_F(store_files, are_private_from_the_start)
{
    auto const code = in_child([&] {
        ::umask(0);
        auto opened = store();
        if (!opened.add(enrolled(1), at(1)) || !opened.backup(path("copy.db")))
            return 1;
        for (auto const* name : {"devices.db", "devices.db-wal", "devices.db-shm", "copy.db"}) {
            if (mode_of(path(name)) != 0600)
                return 2;
        }
        return 0;
    });
    EXPECT_EQ(code, 0);
}

TEST_F(store_files, that_others_may_touch_are_refused)
{
    expect_done(store().add(enrolled(1), at(1)));
    for (mode_t const mode : {0640U, 0620U, 0604U, 0602U, 0610U}) {
        ::chmod(path().c_str(), mode);
        auto const refused = try_open();
        EXPECT_EQ(kind_of(refused), failure_kind::unsafe_permissions);
        EXPECT_NE(refused.error().text.find("chmod 600"), std::string::npos);
    }
    ::chmod(path().c_str(), 0600);
    expect_done(try_open());
}

TEST_F(store_files, beside_the_main_one_are_looked_at_too)
{
    expect_done(store().add(enrolled(1), at(1)));
    for (auto const* suffix : {"-wal", "-shm", "-journal"}) {
        auto const file = path() + suffix;
        std::ofstream{file} << "";
        ::chmod(file.c_str(), 0644);
        EXPECT_EQ(kind_of(try_open()), failure_kind::unsafe_permissions) << suffix;
        std::filesystem::remove(file);
    }
}

TEST_F(store_files, are_not_links_pipes_or_folders)
{
    expect_done(store().add(enrolled(1), at(1)));
    auto wanted = options(open_mode::existing);
    std::filesystem::create_symlink(path(), path("link.db"));
    wanted.file = path("link.db");
    EXPECT_EQ(
        kind_of(device_store::open(wanted, seal_key(), random_)), failure_kind::unsafe_permissions
    );
    ::mkfifo(path("pipe.db").c_str(), 0600);
    wanted.file = path("pipe.db");
    EXPECT_EQ(
        kind_of(device_store::open(wanted, seal_key(), random_)), failure_kind::unsafe_permissions
    );
    wanted.file = folder();
    EXPECT_EQ(
        kind_of(device_store::open(wanted, seal_key(), random_)), failure_kind::unsafe_permissions
    );
    wanted.file = folder() + '/';
    EXPECT_EQ(kind_of(device_store::open(wanted, seal_key(), random_)), failure_kind::cannot_open);
}

TEST_F(store_files, are_found_through_a_linked_folder)
{
    expect_done(store().add(enrolled(1), at(1)));
    auto const link = folder() + "/linked";
    std::filesystem::create_directory_symlink(folder(), link);
    auto wanted = options(open_mode::existing);
    wanted.file = link + "/devices.db";
    expect_done(device_store::open(wanted, seal_key(), random_));
}

TEST_F(store_files, of_another_user_are_refused)
{
    if (::geteuid() != 0)
        GTEST_SKIP() << "only root can give a file away";
    expect_done(store().add(enrolled(1), at(1)));
    ASSERT_EQ(::chown(path().c_str(), nobody, nobody), 0);
    EXPECT_EQ(kind_of(try_open()), failure_kind::unsafe_permissions);
}

TEST_F(store_files, lie_in_no_folder_that_everybody_may_write_to)
{
    expect_done(store().add(enrolled(1), at(1)));
    ::chmod(folder().c_str(), 0777);
    auto const refused = try_open();
    EXPECT_EQ(kind_of(refused), failure_kind::unsafe_permissions);
    EXPECT_NE(refused.error().text.find("chmod o-w"), std::string::npos);
    ::chmod(folder().c_str(), 01777);
    expect_done(try_open());
    ::chmod(folder().c_str(), 0700);
}

TEST_F(store_files, are_made_only_when_asked_for)
{
    EXPECT_EQ(kind_of(try_open(open_mode::existing)), failure_kind::cannot_open);
    EXPECT_FALSE(std::filesystem::exists(path()));
    auto wanted = options();
    wanted.file = path("no such folder/devices.db");
    EXPECT_EQ(kind_of(device_store::open(wanted, seal_key(), random_)), failure_kind::cannot_open);
}

// As a user that may not write: root may write everywhere.
template <class Work>
int as_plain_user(std::string const& folder, Work const& work)
{
    return in_child([&] {
        if (::geteuid() == 0) {
            for (auto const& entry : std::filesystem::directory_iterator{folder})
                if (::chown(entry.path().c_str(), nobody, nobody) != 0)
                    return 100;
            if (::chown(folder.c_str(), nobody, nobody) != 0 || ::setgid(nobody) != 0 ||
                ::setuid(nobody) != 0)
                return 100;
        }
        return work();
    });
}

TEST_F(store_files, in_a_read_only_folder_are_explained)
{
    expect_done(store().add(enrolled(1), at(1)));
    ::chmod(folder().c_str(), 0500);
    auto const code = as_plain_user(folder(), [&] {
        auto const refused = try_open();
        if (refused || refused.error().text.find("writable") == std::string::npos)
            return 1;
        auto absent = options();
        absent.file = path("new.db");
        auto const unmade = device_store::open(absent, seal_key(), random_);
        if (unmade || unmade.error().kind != failure_kind::read_only)
            return 2;
        return refused.error().kind == failure_kind::read_only ? 0 : 3;
    });
    ::chmod(folder().c_str(), 0700);
    EXPECT_EQ(code, 0);
}

TEST_F(store_files, that_are_read_only_are_explained)
{
    expect_done(store().add(enrolled(1), at(1)));
    ::chmod(path().c_str(), 0400);
    auto const code = as_plain_user(folder(), [&] {
        auto const refused = try_open();
        return refused ? 1 : refused.error().kind == failure_kind::read_only ? 0 : 2;
    });
    EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace gatehouse::store::testing
