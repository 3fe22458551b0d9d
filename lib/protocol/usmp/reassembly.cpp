#include "protocol/usmp/reassembly.h"

#include <utility>

namespace gatehouse::usmp {

void reassembly::let_go() noexcept
{
    if (kept_)
        kept_.pool().parts().drop(slot_);
    kept_.release();
}

void reassembly::drop() noexcept
{
    let_go();
    fragments_ = 0;
}

void reassembly::spoil() noexcept
{
    let_go();
    fragments_ = spoilt;
}

result<> reassembly::add(profile const& how, bytes chunk, block_pool& blocks)
{
    bool const may_begin = how.max_frames > 1;
    if (fragments_ == spoilt || !may_begin)
        return error::malformed_fragments;
    if (!in_progress()) {
        kept_ = blocks.take();
        auto const yield_to = [](void* who) { static_cast<reassembly*>(who)->spoil(); };
        blocks.parts().note(slot_, {this, yield_to}, block_size, unfinished::part::of_a_new_one);
    }
    bool const fits = fragments_ + 1 < how.max_frames && kept_.append(chunk);
    if (!fits) {
        spoil();
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
        let_go();
        return error::malformed_fragments;
    }
    kept_.pool().parts().drop(slot_);
    out.up.push_back(kept_.contents());
    out.hold(std::move(kept_));
    return {};
}

}  // namespace gatehouse::usmp
