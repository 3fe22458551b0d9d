// What the gateway speaks, as the configuration and the workers see it.
#include "modules/registry.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace gatehouse::test {
namespace {

TEST(registry, names_each_protocol_once)
{
    protocol_registry const all;
    std::set<std::string_view> names;
    for (auto const* one : all.types().known) {
        EXPECT_TRUE(names.insert(one->name()).second) << one->name();
        EXPECT_EQ(all.types().find(one->name()), one);
    }
    EXPECT_EQ(all.types().known.size(), all.modules().size());
    EXPECT_EQ(all.types().find("nonsense"), nullptr);
}

TEST(registry, has_usmp_first_which_is_spoken_where_none_is_named)
{
    protocol_registry const all;
    EXPECT_EQ(all.types().known.front()->name(), "usmp");
}

// Each module opens what it made itself: options that it calls usual serve it.
TEST(registry, has_modules_that_know_their_own_options)
{
    protocol_registry const all;
    for (auto const* one : all.types().known) {
        config::listener made;
        config::set_protocol(made, *one);
        EXPECT_EQ(made.options, one->usual_options()) << one->name();
        EXPECT_TRUE(one->carries_on(made, made)) << one->name();
        EXPECT_GT(module_of(made).largest_message(made), 500U) << one->name();
        EXPECT_TRUE(module_of(made).unsafe_generations(made).empty()) << one->name();
    }
}

TEST(registry, has_other_options_for_each)
{
    protocol_registry const all;
    auto const& known = all.types().known;
    for (auto const* one : known)
        for (auto const* other : known)
            EXPECT_EQ(one->usual_options() == other->usual_options(), one == other);
}

TEST(registry, steers_datagrams_by_what_stands_in_them)
{
    protocol_registry const all;
    auto const rule_of = [&](std::string_view name) {
        config::listener made;
        config::set_protocol(made, *all.types().find(name));
        return module_of(made).steering();
    };
    auto const named = std::get<named_frame_rule>(rule_of("usmp"));
    EXPECT_EQ(named.magic, 0xcdab);
    EXPECT_EQ(named.type_offset, 3U);
    EXPECT_EQ(named.first_type, 5U);
    EXPECT_EQ(named.worker_offset, 16U);
    EXPECT_EQ(std::get<byte_rule>(rule_of("pssst")).offset, 4U);
}

// Files of the state directory, which restarts look for.
TEST(registry, keeps_what_devices_of_spp_taught_it)
{
    protocol_registry const all;
    std::set<std::string_view> files;
    for (auto const& module : all.modules())
        for (auto const* one : module->lasting_states())
            files.insert(one->file());
    EXPECT_EQ(files, std::set<std::string_view>{"spp-sources"});
}

}  // namespace
}  // namespace gatehouse::test
