#include "identity/device_names.h"

#include <functional>
#include <mutex>
#include <unordered_set>

namespace gatehouse::identity {

namespace {

struct by_text {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept
    {
        return std::hash<std::string_view>{}(text);
    }
};

struct name_pool {
    std::mutex lock;
    std::unordered_set<std::string, by_text, std::equal_to<>> names;  // its nodes never move
};

// Never destroyed: ids may outlive everything.
name_pool& pool()
{
    static auto& only = *new name_pool;
    return only;
}

}  // namespace

std::string const* intern_name(std::string_view name)
{
    auto& all = pool();
    std::lock_guard const held{all.lock};
    auto const found = all.names.find(name);
    return found != all.names.end() ? &*found : &*all.names.emplace(name).first;
}

std::string const* interned_name(std::string_view name)
{
    auto& all = pool();
    std::lock_guard const held{all.lock};
    auto const found = all.names.find(name);
    return found != all.names.end() ? &*found : nullptr;
}

}  // namespace gatehouse::identity
