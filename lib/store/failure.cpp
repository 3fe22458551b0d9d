#include "store/failure.h"

#include <stdexcept>

namespace gatehouse::store {

void throw_exception_from_error(failure const& why, boost::source_location const& where)
{
    throw std::logic_error{"unchecked store failure at " + where.to_string() + ": " + why.text};
}

}  // namespace gatehouse::store
