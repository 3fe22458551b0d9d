#include "protocol/upss/package_reader.h"

#include "protocol/upss/limits.h"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/serializer.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <optional>
#include <vector>

namespace gatehouse::upss {

namespace {

namespace json = boost::json;

constexpr std::string_view message_name = "msg";

// Beside the texts themselves: for the objects that they stand in.
constexpr std::size_t besides = std::size_t{4} << 10;

json::parse_options strict_options()
{
    json::parse_options made;
    made.max_depth = limits::nesting;
    return made;
}

mutable_bytes text_of(json::object& in, std::string_view name)
{
    auto* const found = in.if_contains(name);
    auto* const text = found == nullptr ? nullptr : found->if_string();
    if (text == nullptr)
        return {};
    return as_mutable_bytes(*text);
}

}  // namespace

struct package_reader::memory {
    explicit memory(std::size_t largest)
        : texts(2 * largest + besides)
        , being_read(largest + besides)
        , values{texts.data(), texts.size()}
        , parser{{}, strict_options(), being_read.data(), being_read.size()}
    {
    }

    std::vector<unsigned char> texts;
    std::vector<unsigned char> being_read;
    json::monotonic_resource values;
    json::parser parser;
    std::optional<json::value> read;  // before `values` is released
    json::serializer serializer;
    std::vector<std::uint8_t> plain;
};

package_reader::package_reader(std::size_t largest) : memory_{std::make_unique<memory>(largest)} {}

package_reader::~package_reader() = default;

result<package> package_reader::read(bytes text)
{
    auto& in = *memory_;
    in.read.reset();
    in.values.release();
    boost::system::error_code failure;
    in.parser.reset(&in.values);
    auto const characters = as_text(text);
    in.parser.write(characters.data(), characters.size(), failure);
    if (failure)
        return error::malformed_record;
    in.read.emplace(in.parser.release());
    auto* const top = in.read->if_object();
    if (top == nullptr)
        return error::malformed_record;
    auto const* const path = top->if_contains("path");
    auto const* const type = top->if_contains("type");
    auto* const data = top->if_contains("data");
    if (path == nullptr || type == nullptr || data == nullptr)
        return error::malformed_record;
    if (!path->is_string() || !type->is_string())
        return error::malformed_record;
    package made;
    made.path = path->get_string();
    made.type = type->get_string();
    if (auto* const members = data->if_object()) {
        auto const* const message = members->if_contains(message_name);
        made.has_message = message != nullptr && message->is_string();
        made.message = text_of(*members, message_name);
        made.key = text_of(*members, "key");
        made.status = as_text(text_of(*members, "status"));
        made.action = as_text(text_of(*members, "action"));
    }
    return made;
}

std::string_view package_reader::text(std::string_view member)
{
    auto& in = *memory_;
    auto* const data = in.read ? in.read->as_object()["data"].if_object() : nullptr;
    return data == nullptr ? std::string_view{} : as_text(text_of(*data, member));
}

bytes package_reader::plain()
{
    auto& in = *memory_;
    in.plain.clear();
    auto const put = [&](std::string_view text) {
        in.plain.insert(in.plain.end(), text.begin(), text.end());
    };
    auto const put_rest = [&] {
        while (!in.serializer.done()) {
            std::array<char, 512> chunk{};
            put(in.serializer.read(chunk.data(), chunk.size()));
        }
    };
    auto* const data = in.read ? in.read->as_object()["data"].if_object() : nullptr;
    if (data == nullptr)
        return {};
    for (auto const& [name, value] : *data) {
        if (name == message_name)
            continue;
        put(in.plain.empty() ? "{" : ",");
        in.serializer.reset(name);
        put_rest();
        put(":");
        in.serializer.reset(&value);
        put_rest();
    }
    if (!in.plain.empty())
        put("}");
    return in.plain;
}

}  // namespace gatehouse::upss
