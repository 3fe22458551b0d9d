// A list whose copies share their elements: a longer copy can be handed to somebody else while the
// elements stay where they are and keep what they count.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace gatehouse::metrics {

// Not for two threads at once, but its elements may be shared between threads if they can bear it.
template <class T>
class shared_list {
public:
    shared_list() = default;
    explicit shared_list(std::size_t count) { resize(count); }

    // Makes what is missing; never shorter.
    void resize(std::size_t count)
    {
        while (all_.size() < count)
            all_.push_back(std::make_shared<T>());
    }

    std::size_t size() const noexcept { return all_.size(); }
    T& operator[](std::size_t index) { return *all_[index]; }
    T const& operator[](std::size_t index) const { return *all_[index]; }
    T const& front() const { return *all_.front(); }
    std::shared_ptr<T> const& share(std::size_t index) const { return all_[index]; }

private:
    std::vector<std::shared_ptr<T>> all_;
};

}  // namespace gatehouse::metrics
