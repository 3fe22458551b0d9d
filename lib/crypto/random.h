// Randomness as an argument: protocols draw from a source that their caller owns, so that a test
// can replay a whole life from a seed.
#pragma once

#include "base/bytes.h"

#include <cstdint>

namespace gatehouse::crypto {

class random_source {
public:
    virtual ~random_source() = default;
    virtual void fill(mutable_bytes out) = 0;

protected:
    random_source() = default;
    random_source(random_source const&) = default;
    random_source(random_source&&) = default;
    random_source& operator=(random_source const&) = default;
    random_source& operator=(random_source&&) = default;
};

// The library's generator, fit for keys. Any thread. Ends the process should it ever fail.
class system_random final : public random_source {
public:
    void fill(mutable_bytes out) override;
};

std::uint64_t draw_number(random_source& from);

}  // namespace gatehouse::crypto
