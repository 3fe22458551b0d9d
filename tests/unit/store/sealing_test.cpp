// What the disk holds is of no use without the seal key, and of use only where it was put.
#include "store/sealer.h"
#include "unit/store/child_process.h"
#include "unit/store/raw_sqlite.h"
#include "unit/store/store_scene.h"

namespace gatehouse::store::testing {
namespace {

class sealing : public store_scene {
protected:
    // Read in a child: closing a file drops the locks that a process holds on it.
    bool on_disk(std::string_view wanted) const
    {
        return in_child([&] {
                   for (auto const& entry : std::filesystem::directory_iterator{folder()}) {
                       std::ifstream file{entry.path(), std::ios::binary};
                       std::string const text{std::istreambuf_iterator<char>{file}, {}};
                       if (text.find(wanted) != std::string::npos)
                           return 1;
                   }
                   return 0;
               }) == 1;
    }
};

constexpr std::string_view marked = "A-SECRET-THAT-NO-FILE-MAY-HOLD";

TEST_F(sealing, keeps_secrets_out_of_all_files)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1, marked), at(1)));
    expect_done(opened.add_key(device(1), key("k2", marked), at(2)));
    expect_done(opened.rotate(device(1), key("k3", marked), {at(9), at(3)}));
    EXPECT_TRUE(on_disk("boiler-1"));  // the search finds what is there
    EXPECT_FALSE(on_disk(marked));
    EXPECT_FALSE(on_disk(marked.substr(8, 16)));
    expect_done(opened.reseal(seal_key(50)));
    expect_done(opened.backup(path("copy.db")));
    EXPECT_FALSE(on_disk(marked));
}

TEST_F(sealing, leaves_nothing_sealed_of_a_revoked_key)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1, marked), at(1)));
    auto const sealed = [&] {
        auto const copied = path("copy.db");
        expect_done(opened.backup(copied));
        auto found = ask_sql(copied, "SELECT sealed FROM keys");
        std::filesystem::remove(copied);
        return found;
    }();
    ASSERT_EQ(sealed.size(), marked.size() + 28);
    EXPECT_TRUE(on_disk(sealed));
    expect_done(opened.revoke_key(device(1), "k1", at(2)));
    EXPECT_FALSE(on_disk(sealed));
}

TEST_F(sealing, tells_a_wrong_key_at_open)
{
    expect_done(store().add(enrolled(1), at(1)));
    auto const wrong = try_open(open_mode::existing, 2);
    EXPECT_EQ(kind_of(wrong), failure_kind::wrong_key);
    EXPECT_EQ(kind_of(try_open(open_mode::create, 2)), failure_kind::wrong_key);
    EXPECT_TRUE(try_open());
}

TEST_F(sealing, finds_rows_that_were_swapped)
{
    {
        auto opened = store();
        expect_done(opened.add(enrolled(1, "secret of device one"), at(1)));
        expect_done(opened.add(enrolled(2, "secret of device two"), at(1)));
    }
    run_sql(
        path(),
        "UPDATE keys SET sealed = (SELECT k.sealed FROM keys k WHERE k.device != keys.device)"
    );
    auto opened = store();
    auto const why = opened.find(device(1));
    EXPECT_EQ(kind_of(why), failure_kind::damaged);
    EXPECT_NE(why.error().text.find("02:00:00:00:00:01"), std::string::npos);
    EXPECT_EQ(kind_of(opened.for_each_device([](stored_device&&) {})), failure_kind::damaged);
    EXPECT_EQ(kind_of(opened.reseal(seal_key(9))), failure_kind::damaged);
}

TEST_F(sealing, finds_keys_of_one_device_that_were_swapped)
{
    {
        auto opened = store();
        expect_done(opened.add(enrolled(1, "secret one"), at(1)));
        expect_done(opened.add_key(device(1), key("k2", "secret two"), at(1)));
    }
    run_sql(path(), "UPDATE keys SET id = 'k3' WHERE id = 'k2'");
    auto opened = store();
    EXPECT_EQ(kind_of(opened.find(device(1))), failure_kind::damaged);
    // The operator is not stuck with it.
    expect_done(opened.revoke_key(device(1), "k3", at(2)));
    expect_done(opened.find(device(1)));
}

TEST_F(sealing, under_another_key_is_whole)
{
    auto opened = store();
    std::vector<new_device> devices;
    for (std::uint32_t number = 1; number <= 2'500; ++number)
        devices.push_back(enrolled(number, "secret " + std::to_string(number)));
    expect_done(opened.import(from(devices), import_policy::add_only, at(1)));
    expect_done(opened.revoke_key(device(5), "k1", at(2)));
    expect_done(opened.reseal(seal_key(77)));
    EXPECT_EQ(secret_of(opened.find(device(1'001)).value().keys.at(0)), "secret 1001");

    EXPECT_EQ(kind_of(try_open(open_mode::existing, 1)), failure_kind::wrong_key);
    auto again = try_open(open_mode::existing, 77);
    ASSERT_TRUE(again);
    std::uint32_t number = 0;
    expect_done(again->for_each_device([&](stored_device&& one) {
        ++number;
        EXPECT_EQ(secret_of(one.keys.at(0)), number == 5 ? "" : "secret " + std::to_string(number));
    }));
    EXPECT_EQ(number, 2'500U);
}

TEST_F(sealing, under_another_key_is_told_to_other_processes)
{
    auto opened = store();
    expect_done(opened.add(enrolled(1), at(1)));
    auto other = store();
    expect_done(opened.reseal(seal_key(77)));
    EXPECT_EQ(kind_of(other.find(device(1))), failure_kind::wrong_key);
    EXPECT_EQ(kind_of(other.add(enrolled(2), at(2))), failure_kind::wrong_key);
    EXPECT_EQ(opened.count().value(), 1U);
}

TEST_F(sealing, draws_a_nonce_for_each_value)
{
    sealer first{seal_key(), random_};
    auto const one = first.seal(as_bytes("the same"), {device(1), "k1"});
    auto const two = first.seal(as_bytes("the same"), {device(1), "k1"});
    EXPECT_NE(one, two);
    EXPECT_EQ(as_text(first.open(one, {device(1), "k1"}).value().expose()), "the same");
    EXPECT_FALSE(first.open(one, {device(2), "k1"}));
    EXPECT_FALSE(first.open(one, {device(1), "k2"}));
    EXPECT_FALSE(first.open({}, {device(1), "k1"}));
    for (std::size_t slot = 0; slot < one.size(); ++slot) {
        auto spoiled = one;
        spoiled[slot] ^= 1;
        EXPECT_FALSE(first.open(spoiled, {device(1), "k1"})) << slot;
    }
}

}  // namespace
}  // namespace gatehouse::store::testing
