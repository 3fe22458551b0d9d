#include "document.h"

#include "failure.h"
#include "visible_text.h"
#include "wiping_memory.h"

#include <boost/json/memory_resource.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

namespace gatehouse::ctl {

namespace {

namespace json = boost::json;

// Boost.JSON 1.81 allocates some texts with one alignment and frees them with another: all that it
// asks for is within the usual one.
class wiping_resource final : public json::memory_resource {
    void* do_allocate(std::size_t size, std::size_t /*alignment*/) override
    {
        return ::operator new(size);
    }
    void do_deallocate(void* memory, std::size_t size, std::size_t /*alignment*/) override
    {
        ::explicit_bzero(memory, size);
        ::operator delete(memory);
    }
    bool do_is_equal(json::memory_resource const& other) const noexcept override
    {
        return this == &other;
    }
};

template <class T>
T const& nothing()
{
    static T const empty;
    return empty;
}

}  // namespace

json::storage_ptr wiped_storage()
{
    static wiping_resource resource;
    return &resource;
}

json::object parse_document(std::string_view text)
{
    json::parser parser{wiped_storage()};
    parser.reset(wiped_storage());
    boost::system::error_code wrong;
    parser.write(text.data(), text.size(), wrong);
    if (wrong)
        throw failure{"bad_answer", "the answer is no JSON document"};
    auto made = parser.release();
    if (!made.is_object())
        throw failure{"bad_answer", "the answer is no JSON object"};
    return std::move(made.get_object());
}

std::string_view text_in(json::object const& from, std::string_view key)
{
    auto const* const found = from.if_contains(key);
    auto const* const text = found ? found->if_string() : nullptr;
    return text ? std::string_view{text->data(), text->size()} : std::string_view{};
}

std::optional<double> number_in(json::object const& from, std::string_view key)
{
    auto const* const found = from.if_contains(key);
    if (!found || !found->is_number())
        return std::nullopt;
    return found->to_number<double>();
}

json::object const& as_object(json::value const& from)
{
    auto const* const found = from.if_object();
    return found ? *found : nothing<json::object>();
}

json::object const& object_in(json::object const& from, std::string_view key)
{
    auto const* const found = from.if_contains(key);
    return found ? as_object(*found) : nothing<json::object>();
}

json::array const& array_in(json::object const& from, std::string_view key)
{
    auto const* const found = from.if_contains(key);
    auto const* const array = found ? found->if_array() : nullptr;
    return array ? *array : nothing<json::array>();
}

std::string cell(json::value const& from)
{
    if (from.is_null())
        return "-";
    if (auto const* const text = from.if_string())
        return text->empty() ? "-" : visible({text->data(), text->size()});
    if (auto const* const flag = from.if_bool())
        return *flag ? "yes" : "no";
    if (auto const* const number = from.if_double();
        number && *number == static_cast<double>(static_cast<std::int64_t>(*number)))
        return std::to_string(static_cast<std::int64_t>(*number));
    return visible(json::serialize(from));
}

std::string cell(json::object const& from, std::string_view key)
{
    auto const* const found = from.if_contains(key);
    return found ? cell(*found) : "-";
}

std::string position_of_problem(boost::json::object const& from)
{
    auto const line = cell(from, "line");
    auto const file = cell(from, "file");
    return line == "0" ? file : file + ':' + line + ':' + cell(from, "column");
}

}  // namespace gatehouse::ctl
