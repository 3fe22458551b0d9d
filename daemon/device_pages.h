// The devices of a credential set, page by page, in the order of their texts. Their table is in no
// order: one walk through it finds what many pages need, so that a list costs a fleet of a million
// few walks, not one for each page.
#pragma once

#include "identity/device_id.h"
#include "identity/keyring.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace gatehouse {

class device_pages {
public:
    // Devices that one walk finds.
    static constexpr std::size_t found_a_walk = 16'384;

    // The first so many behind `after`.
    std::vector<identity::device_id> page(
        std::shared_ptr<identity::keyring const> const& ring,
        std::optional<identity::device_id> const& after,
        std::size_t size
    );

    std::size_t walks() const noexcept { return walks_; }

private:
    using devices = std::vector<identity::device_id>;

    devices::const_iterator behind(std::optional<identity::device_id> const& after) const;
    void walk(
        identity::keyring const& ring,
        std::optional<identity::device_id> const& after,
        std::size_t most
    );

    std::weak_ptr<identity::keyring const> of_;
    std::optional<identity::device_id> after_;  // what was found stands behind it
    devices found_;
    bool to_the_end_ = false;
    std::size_t walks_ = 0;
};

}  // namespace gatehouse
