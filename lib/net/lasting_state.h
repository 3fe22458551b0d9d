// Something that is worth knowing after a restart, as a file of the state directory. Losing it is
// harmless.
#pragma once

#include "base/bytes.h"
#include "base/time.h"
#include "gateway/recent_proofs.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace gatehouse {

class lasting_state {
public:
    virtual ~lasting_state() = default;
    lasting_state(lasting_state const&) = delete;
    lasting_state& operator=(lasting_state const&) = delete;

    virtual std::string_view file() const = 0;
    virtual std::size_t largest() const = 0;
    // Any thread.
    virtual std::vector<std::uint8_t> save(wall_time now) const = 0;
    // Before any worker runs. False when these are not the bytes of a `save`.
    virtual bool load(bytes saved) = 0;

protected:
    lasting_state() = default;
};

// Who proved a key lately, at all listeners.
class lasting_proofs final : public lasting_state {
public:
    lasting_proofs();

    recent_proofs& all() noexcept { return all_; }

    std::string_view file() const override { return "recent-proofs"; }
    std::size_t largest() const override { return recent_proofs::largest_save; }
    std::vector<std::uint8_t> save(wall_time now) const override { return all_.save(now); }
    bool load(bytes saved) override { return all_.load(saved); }

private:
    recent_proofs all_;
};

}  // namespace gatehouse
