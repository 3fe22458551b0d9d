// Copying a store while it is in use.
#include "store/device_store.h"
#include "store/file_access.h"
#include "store/store_parts.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <unistd.h>

namespace gatehouse::store {

namespace {

// A file that goes away unless it got its name.
class unfinished_file {
public:
    explicit unfinished_file(std::string path) : path_{std::move(path)} {}
    ~unfinished_file() { ::unlink(path_.c_str()); }
    unfinished_file(unfinished_file const&) = delete;
    unfinished_file& operator=(unfinished_file const&) = delete;

    std::string const& path() const noexcept { return path_; }

    // Never over another file.
    outcome<> finish_as(std::string const& name) const
    {
        if (::link(path_.c_str(), name.c_str()) == 0)
            return {};
        auto const kind = errno == EEXIST ? failure_kind::exists : failure_kind::cannot_open;
        return failure{kind, name + " cannot be made: " + std::generic_category().message(errno)};
    }

private:
    std::string path_;
};

}  // namespace

outcome<> device_store::backup(std::string const& path)
{
    auto const target = check_file(path);
    if (!target)
        return target.error();
    if (target->state == presence::there)
        return failure{
            failure_kind::exists,
            path + " is there already; remove it, or name another file for the backup"};
    // A copy that was broken off must not look like a whole one.
    auto partial = target->path + ".partial";
    if (auto made = make_private_file(partial); !made)
        return made;
    unfinished_file const copy{std::move(partial)};
    auto copying = parts_->db.prepare("VACUUM INTO ?1");
    if (!copying)
        return copying.error();
    if (auto copied = copying->bind(1, std::string_view{copy.path()}).run(); !copied)
        return copied;
    if (auto durable = make_durable(copy.path()); !durable)
        return durable;
    if (auto named = copy.finish_as(target->path); !named)
        return named;
    return make_durable(directory_of(target->path));
}

}  // namespace gatehouse::store
