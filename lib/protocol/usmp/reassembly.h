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
    reassembly() = default;
    ~reassembly() { let_go(); }
    reassembly(reassembly const&) = delete;
    reassembly& operator=(reassembly const&) = delete;

    bool in_progress() const noexcept { return fragments_ != 0; }

    // Did more come of the message than it may have, or did it have to make way for others?
    bool is_spoilt() const noexcept { return fragments_ == spoilt; }

    // Forgets what came so far.
    void drop() noexcept;

    // A chunk with more to follow. error::malformed_fragments when the generation knows no
    // fragments, or when the message has too many: then it is spoilt, and so is what follows of it.
    result<> add(profile const& how, bytes chunk, block_pool& blocks);

    // The last (or only) chunk: the whole message goes to `out.up`, unless it is spoilt.
    result<> finish(bytes chunk, output& out);

private:
    static constexpr std::uint8_t spoilt = 0xff;

    void spoil() noexcept;
    void let_go() noexcept;

    // Each stands in what the one before it leaves of a word.
    [[no_unique_address]] block kept_;
    unfinished::slot slot_ = unfinished::nowhere;
    std::uint8_t fragments_ = 0;  // or `spoilt`
};

}  // namespace gatehouse::usmp
