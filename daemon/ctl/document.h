// The daemon's documents. What is missing or of another type than expected reads as absent: a newer
// or older daemon is shown as far as it is understood.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::ctl {

// In memory that is wiped. Throws failure (bad_answer) unless it is one JSON object.
boost::json::object parse_document(std::string_view text);

// For documents that are made here, with secrets perhaps.
boost::json::storage_ptr wiped_storage();

// Empty when absent. As it was sent: make it visible before it is shown.
std::string_view text_in(boost::json::object const& from, std::string_view key);
std::optional<double> number_in(boost::json::object const& from, std::string_view key);
boost::json::object const& object_in(boost::json::object const& from, std::string_view key);
boost::json::array const& array_in(boost::json::object const& from, std::string_view key);

// The members of an array that are objects are what its readers want.
boost::json::object const& as_object(boost::json::value const& from);

// Cells of tables: visible text, "-" for what is absent.
std::string cell(boost::json::object const& from, std::string_view key);
std::string cell(boost::json::value const& from);

// Where a problem of a reload or an import is: "FILE:LINE:COLUMN", or the file where it has no
// place.
std::string position_of_problem(boost::json::object const& from);

}  // namespace gatehouse::ctl
