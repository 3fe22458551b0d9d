#include "request_body.h"

#include <boost/json/serializer.hpp>

#include <array>

namespace gatehouse::ctl {

void request_body::add(std::string_view key, std::string_view value)
{
    document_[key].emplace_string().assign(value.data(), value.size());
}

void request_body::add(std::string_view key, std::optional<std::string_view> value)
{
    if (value)
        add(key, *value);
}

void request_body::add(std::string_view key, request_body const& inner)
{
    document_[key] = inner.document_;
}

wiped_string request_body::text() const
{
    boost::json::serializer writer;
    writer.reset(&document_);
    wiped_string made;
    std::array<char, 1024> part{};
    while (!writer.done()) {
        auto const written = writer.read(part.data(), part.size());
        made.append(written.data(), written.size());
    }
    ::explicit_bzero(part.data(), part.size());
    return made;
}

}  // namespace gatehouse::ctl
