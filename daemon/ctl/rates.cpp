#include "rates.h"

#include <utility>

namespace gatehouse::ctl {

void rates::begin(std::chrono::steady_clock::time_point now)
{
    elapsed_ = at_ ? std::chrono::duration<double>{now - *at_}.count() : 0;
    at_ = now;
    before_ = std::exchange(now_, {});
}

std::optional<double> rates::of(std::string const& name, double count)
{
    now_[name] = count;
    auto const found = before_.find(name);
    if (found == before_.end() || elapsed_ <= 0 || count < found->second)
        return std::nullopt;
    return (count - found->second) / elapsed_;
}

void rates::forget()
{
    *this = rates{};
}

}  // namespace gatehouse::ctl
