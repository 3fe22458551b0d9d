#include "protocol/usmp/reassembly.h"

#include <utility>

namespace gatehouse::usmp {

void reassembly::drop() noexcept
{
    kept_.release();
    fragments_ = 0;
}

result<> reassembly::add(profile const& how, bytes chunk, block_pool& blocks)
{
    if (fragments_ + 1 >= how.max_frames)
        return error::malformed_fragments;
    if (!in_progress())
        kept_ = blocks.take();
    ++fragments_;
    if (!kept_.append(chunk))
        return error::malformed_fragments;
    return {};
}

result<> reassembly::finish(bytes chunk, output& out)
{
    if (!in_progress()) {
        out.up.push_back(chunk);
        return {};
    }
    if (!kept_.append(chunk))
        return error::malformed_fragments;
    fragments_ = 0;
    out.up.push_back(kept_.contents());
    out.hold(std::move(kept_));
    return {};
}

}  // namespace gatehouse::usmp
