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
    bool const may_begin = how.max_frames > 1;
    if (fragments_ == spoilt || !may_begin)
        return error::malformed_fragments;
    if (!in_progress())
        kept_ = blocks.take();
    bool const fits = fragments_ + 1 < how.max_frames && kept_.append(chunk);
    if (!fits) {
        kept_.release();
        fragments_ = spoilt;
        return error::malformed_fragments;
    }
    ++fragments_;
    return {};
}

result<> reassembly::finish(bytes chunk, output& out)
{
    if (!in_progress()) {
        out.up.push_back(chunk);
        return {};
    }
    bool const whole = fragments_ != spoilt && kept_.append(chunk);
    fragments_ = 0;
    if (!whole) {
        kept_.release();
        return error::malformed_fragments;
    }
    out.up.push_back(kept_.contents());
    out.hold(std::move(kept_));
    return {};
}

}  // namespace gatehouse::usmp
