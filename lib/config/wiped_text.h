// Text that may hold secrets: wiped when it dies and whenever it moves in memory.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace gatehouse::config {

class wiped_text {
public:
    wiped_text() = default;
    ~wiped_text() { wipe(); }
    wiped_text(wiped_text const&) = delete;
    wiped_text& operator=(wiped_text const&) = delete;

    std::string_view view() const noexcept { return text_; }

    // `size` writable characters instead of what was there.
    char* prepare(std::size_t size)
    {
        wipe();
        text_.resize(size);
        return text_.data();
    }

    void reserve(std::size_t size)
    {
        if (size <= text_.capacity())
            return;
        std::string larger;
        larger.reserve(size);
        larger += text_;
        wipe();
        text_.swap(larger);
    }

    void append(std::string_view more)
    {
        if (text_.size() + more.size() > text_.capacity())
            reserve(2 * (text_.size() + more.size()));
        text_ += more;
    }

private:
    // The whole memory, not only what is in use.
    void wipe() noexcept
    {
        text_.resize(text_.capacity());
        ::explicit_bzero(text_.data(), text_.size());
        text_.clear();
    }

    std::string text_;
};

}  // namespace gatehouse::config
