// Numbers the ids of keys: the same id gets the same index for ever.
#pragma once

#include "identity/key_window.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gatehouse::identity {

class key_names {
public:
    // Goes on from those of the snapshot before, whose indexes stay valid.
    explicit key_names(std::vector<std::string> before);

    // The index of `id`, which is appended when it is new.
    key_index intern(std::string_view id);

    std::string const& operator[](key_index index) const { return ids_[index]; }
    std::vector<std::string> take() { return std::move(ids_); }

private:
    std::vector<std::string> ids_;
    std::unordered_map<std::string, key_index> indexes_;
};

}  // namespace gatehouse::identity
