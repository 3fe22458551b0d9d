// Messages larger than a frame: chunks come in as DATA_FRAG frames and end with a DATA frame
// (docs/protocols/usmp.md, "Session frames").
#pragma once

#include "base/block_pool.h"
#include "base/bytes.h"
#include "base/result.h"
#include "protocol/output.h"
#include "protocol/usmp/profile.h"

#include <cstdint>

namespace gatehouse::usmp {

class reassembly {
public:
    bool in_progress() const noexcept { return fragments_ != 0; }

    // Forgets what came so far.
    void drop() noexcept;

    // A chunk with more to follow. error::malformed_fragments when the message has too many, or
    // when the generation knows no fragments.
    result<> add(profile const& how, bytes chunk, block_pool& blocks);

    // The last (or only) chunk: the whole message goes to `out.up`.
    result<> finish(bytes chunk, output& out);

private:
    block kept_;
    std::uint8_t fragments_ = 0;
};

}  // namespace gatehouse::usmp
