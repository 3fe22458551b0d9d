#include "../config/problem_texts.h"
#include "config/credential_checks.h"
#include "protocol/spp/options.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace gatehouse::config {

namespace {

std::shared_ptr<identity::keyring const> ring_with(
    std::size_t anywhere, std::size_t at_home, std::size_t abroad
)
{
    identity::keyring::parts parts;
    parts.kind = identity::key_kind::ed25519;
    auto const home = identity::source_range::parse("10.1.0.0/16").value();
    auto const farther = identity::source_range::parse("10.2.0.0/16").value();
    for (std::size_t i = 0; i < anywhere + at_home + abroad; ++i) {
        identity::keyed_peers::listed_peer made;
        made.peer.public_key[0] = static_cast<std::uint8_t>(i);
        made.peer.public_key[1] = static_cast<std::uint8_t>(i >> 8);
        if (i >= anywhere)
            made.from.push_back(i < anywhere + at_home ? home : farther);
        parts.peers.push_back(std::move(made));
    }
    return std::make_shared<identity::keyring const>(std::move(parts), testing::some_decoy());
}

std::vector<std::string> said_of(
    std::string_view spoken,
    std::size_t trial_keys,
    std::shared_ptr<identity::keyring const> const& ring
)
{
    settings all;
    all.credentials.push_back({"other", "other.yaml", {}, {}});
    all.credentials.push_back({"meters", "keys/meters.yaml", {}, {}});
    auto& listener = all.listeners.emplace_back();
    listener.name = "field";
    set_protocol(listener, *testing::protocols().types().find(spoken));
    listener.credentials = "meters";
    if (spoken == "spp")
        listener.options = protocol_options::of(spp::options{.trial_keys = trial_keys});
    problems found;
    check_credentials_in_use(all, {nullptr, ring}, found);
    return testing::lines_of(found);
}

TEST(trial_keys, are_enough_for_every_address_or_it_is_a_problem)
{
    EXPECT_TRUE(said_of("spp", 64, ring_with(64, 0, 0)).empty());
    EXPECT_TRUE(said_of("spp", 64, ring_with(4, 60, 60)).empty());
    EXPECT_TRUE(said_of("spp", 4096, ring_with(200, 0, 0)).empty());
    auto const said = said_of("spp", 64, ring_with(4, 61, 30));
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(
        said.front(),
        "keys/meters.yaml:1:1: a hello of protocol spp does not name its key: listener \"field\" "
        "would have to try the keys of up to 65 devices for one, and its \"trial_keys\" is 64; "
        "give "
        "the devices ranges of addresses (\"from\"), raise \"trial_keys\", or make one listener "
        "with "
        "its own credentials for each group of devices"
    );
}

TEST(trial_keys, do_not_matter_to_others)
{
    EXPECT_TRUE(said_of("pssst", 64, ring_with(200, 0, 0)).empty());
    EXPECT_TRUE(said_of("spp", 64, nullptr).empty()) << "its file has problems of its own";
}

}  // namespace

}  // namespace gatehouse::config
