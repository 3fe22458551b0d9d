// Full disks, other writers and crashes lose nothing that was committed, and keep nothing half.
#include "unit/store/child_process.h"
#include "unit/store/store_scene.h"

#include <csignal>

#include <sys/resource.h>
#include <unistd.h>

namespace gatehouse::store::testing {
namespace {

class durability : public store_scene {
protected:
    // More than the limits of these tests have room for.
    static device_store::source many()
    {
        return [next = std::uint32_t{2}]() mutable -> outcome<std::optional<new_device>> {
            if (next == 8'000)
                return std::optional<new_device>{};
            return std::optional<new_device>{enrolled(next++)};
        };
    }

    static void limit_file_size()
    {
        rlimit const limit{200'000, 200'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
};

TEST_F(durability, a_full_store_loses_nothing)
{
    auto small = options();
    small.largest_size = 12 * 4096;
    auto opened = device_store::open(small, seal_key(), random_);
    ASSERT_TRUE(opened);
    auto& kept = *opened;
    expect_done(kept.add(enrolled(1, "the first secret"), at(1)));
    EXPECT_EQ(kind_of(kept.import(many(), import_policy::add_only, at(2))), failure_kind::full);
    EXPECT_EQ(kept.count().value(), 1U);

    std::uint32_t added = 1;
    outcome<> last;
    while ((last = kept.add(enrolled(added + 1), at(3))))
        ++added;
    EXPECT_EQ(kind_of(last), failure_kind::full);
    EXPECT_NE(last.error().text.find("make room"), std::string::npos);
    EXPECT_EQ(all(kept).size(), added);
    EXPECT_EQ(secret_of(kept.find(device(1)).value().keys.at(0)), "the first secret");

    // Room is made by taking away.
    for (std::uint32_t number = 2; number <= 40; ++number)
        expect_done(kept.remove(device(number)));
    expect_done(kept.add(enrolled(2), at(4)));
}

TEST_F(durability, a_disk_that_takes_no_more_loses_nothing)
{
    expect_done(store().add(enrolled(1), at(1)));
    auto const code = in_child([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        limit_file_size();
        auto kept = store(open_mode::existing);
        auto const done = kept.import(many(), import_policy::add_only, at(2));
        // SQLite tells ENOSPC from other reasons, not this limit.
        if (done || done.error().kind != failure_kind::disk_error)
            return 1;
        return kept.count().value() == 1 ? 0 : 2;
    });
    EXPECT_EQ(code, 0);
    auto kept = store(open_mode::existing);
    EXPECT_EQ(all(kept).size(), 1U);
}

TEST_F(durability, two_writers_wait_for_each_other_and_are_told)
{
    auto first = store();
    auto second = store();
    expect_done(first.add(enrolled(1), at(1)));
    outcome<> refused;
    std::size_t seen = 0;
    bool asked = false;
    auto const interrupted = [&]() -> outcome<std::optional<new_device>> {
        if (asked)
            return std::optional<new_device>{};
        asked = true;
        refused = second.add(enrolled(3), at(2));
        seen = second.count().value();  // readers are not stopped
        return std::optional<new_device>{enrolled(2)};
    };
    expect_done(first.import(interrupted, import_policy::add_only, at(2)));
    EXPECT_EQ(kind_of(refused), failure_kind::busy);
    EXPECT_NE(refused.error().text.find("another process"), std::string::npos);
    EXPECT_EQ(seen, 1U);
    expect_done(second.add(enrolled(3), at(3)));
    EXPECT_EQ(first.count().value(), 3U);
}

TEST_F(durability, a_reader_sees_one_state_whatever_is_written)
{
    auto reading = store();
    auto writing = store();
    for (std::uint32_t number = 1; number <= 3; ++number)
        expect_done(reading.add(enrolled(number), at(1)));
    std::size_t seen = 0;
    expect_done(reading.for_each_device([&](stored_device&& one) {
        if (++seen == 1) {
            expect_done(writing.remove(device(2)));
            expect_done(writing.add(enrolled(4), at(2)));
        }
        EXPECT_EQ(one.id, device(static_cast<std::uint32_t>(seen)));
    }));
    EXPECT_EQ(seen, 3U);
}

TEST_F(durability, a_crash_within_a_change_leaves_the_state_before)
{
    expect_done(store().add(enrolled(1, "committed"), at(1)));
    auto const code = in_child([&] {
        auto kept = store(open_mode::existing);
        std::uint32_t given = 1;
        static_cast<void>(kept.import(
            [&]() -> outcome<std::optional<new_device>> {
                if (given == 2'000)
                    ::_exit(42);
                return std::optional<new_device>{enrolled(++given)};
            },
            import_policy::replace,
            at(2)
        ));
        return 1;
    });
    EXPECT_EQ(code, 42);
    auto kept = store(open_mode::existing);
    EXPECT_EQ(kept.count().value(), 1U);
    EXPECT_EQ(secret_of(kept.find(device(1)).value().keys.at(0)), "committed");
    expect_done(kept.add(enrolled(2), at(3)));
}

TEST_F(durability, a_crash_while_a_change_is_written_leaves_the_state_before)
{
    expect_done(store().add(enrolled(1, "committed"), at(1)));
    auto const code = in_child([&] {
        limit_file_size();  // the signal ends the process within the commit
        std::signal(SIGXFSZ, SIG_DFL);
        auto kept = store(open_mode::existing);
        static_cast<void>(kept.import(many(), import_policy::add_only, at(2)));
        return 1;
    });
    EXPECT_EQ(code, 128 + SIGXFSZ);
    EXPECT_GT(std::filesystem::file_size(path("devices.db-wal")), 100'000U);
    auto kept = store(open_mode::existing);
    EXPECT_EQ(kept.count().value(), 1U);
    EXPECT_EQ(secret_of(kept.find(device(1)).value().keys.at(0)), "committed");
    expect_done(kept.add(enrolled(2), at(3)));
}

TEST_F(durability, a_kill_between_changes_loses_none_that_was_told_done)
{
    store();
    int ends[2] = {};
    ASSERT_EQ(::pipe(ends), 0);
    auto const code = in_child([&] {
        auto kept = store(open_mode::existing);
        for (std::uint32_t number = 1; number <= 40; ++number) {
            if (!kept.add(enrolled(number), at(1)) || ::write(ends[1], "+", 1) != 1)
                return 1;
        }
        ::kill(::getpid(), SIGKILL);
        return 2;
    });
    EXPECT_EQ(code, 128 + SIGKILL);
    ::close(ends[1]);
    std::uint32_t told = 0;
    for (char mark = 0; ::read(ends[0], &mark, 1) == 1;)
        ++told;
    ::close(ends[0]);
    EXPECT_EQ(told, 40U);
    auto kept = store(open_mode::existing);
    EXPECT_EQ(all(kept).size(), told);
}

}  // namespace
}  // namespace gatehouse::store::testing
