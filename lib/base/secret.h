// Key material: wiped when it dies, never printed, never copied by accident, never compared with
// ==.
#pragma once

#include "base/bytes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

namespace gatehouse {

// N bytes of key material, in place. A move wipes its source. Comparisons go through crypto::equal.
template <std::size_t N>
class secret {
public:
    secret() noexcept = default;
    ~secret() { wipe(); }

    secret(secret const&) = delete;
    secret& operator=(secret const&) = delete;

    secret(secret&& other) noexcept : data_{other.data_} { other.wipe(); }
    secret& operator=(secret&& other) noexcept
    {
        if (this != &other) {
            data_ = other.data_;
            other.wipe();
        }
        return *this;
    }

    bool operator==(secret const&) const = delete;

    // A second owner, where the protocol really needs one.
    secret copy() const noexcept
    {
        secret twin;
        twin.data_ = data_;
        return twin;
    }

    static secret from(std::span<std::uint8_t const, N> source) noexcept
    {
        secret made;
        std::copy(source.begin(), source.end(), made.data_.begin());
        return made;
    }

    // The bytes themselves, for cryptography only.
    std::span<std::uint8_t const, N> expose() const noexcept { return data_; }
    std::span<std::uint8_t, N> expose_mutable() noexcept { return data_; }

    void wipe() noexcept { ::explicit_bzero(data_.data(), data_.size()); }

private:
    std::array<std::uint8_t, N> data_{};
};

// Key material whose length is known at run time only (pre-shared keys), on the heap.
class secret_bytes {
public:
    secret_bytes() noexcept = default;
    explicit secret_bytes(bytes source)
        : data_{new std::uint8_t[source.size()]}
        , size_{source.size()}
    {
        std::copy(source.begin(), source.end(), data_.get());
    }
    ~secret_bytes() { wipe(); }

    secret_bytes(secret_bytes const&) = delete;
    secret_bytes& operator=(secret_bytes const&) = delete;
    secret_bytes(secret_bytes&& other) noexcept
        : data_{std::move(other.data_)}
        , size_{std::exchange(other.size_, 0)}
    {
    }
    secret_bytes& operator=(secret_bytes&& other) noexcept
    {
        if (this != &other) {
            wipe();
            data_ = std::move(other.data_);
            size_ = std::exchange(other.size_, 0);
        }
        return *this;
    }

    bool operator==(secret_bytes const&) const = delete;

    bytes expose() const noexcept { return {data_.get(), size_}; }
    std::size_t size() const noexcept { return size_; }

private:
    void wipe() noexcept
    {
        if (data_)
            ::explicit_bzero(data_.get(), size_);
    }

    std::unique_ptr<std::uint8_t[]> data_;
    std::size_t size_ = 0;
};

}  // namespace gatehouse
