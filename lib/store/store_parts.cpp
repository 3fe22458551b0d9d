#include "store/store_parts.h"

#include <string>

namespace gatehouse::store {

outcome<> store_parts::check_seal_key(std::string_view advice)
{
    auto asked = db.prepare("SELECT seal_check FROM meta");
    if (!asked)
        return asked.error();
    auto const moved = asked->step();
    if (!moved)
        return moved.error();
    auto const name = "device store " + std::string{db.file()} + ": ";
    if (*moved == stepped::done)
        return failure{failure_kind::damaged, name + "it has no check value; restore a backup"};
    if (!seal->opens_check(asked->blob(0)))
        return failure{failure_kind::wrong_key, name + std::string{advice}};
    return {};
}

}  // namespace gatehouse::store
