// A value or an `error`. Nothing that a peer can cause is an exception.
#pragma once

#include "base/error.h"

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

namespace gatehouse {

template <class T = void>
using result = boost::system::result<T, error>;

// Found by boost::system::result when `value()` is called on an error: a bug of ours.
[[noreturn]] void throw_exception_from_error(error const& e, boost::source_location const& where);

}  // namespace gatehouse
