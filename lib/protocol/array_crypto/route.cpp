#include "protocol/array_crypto/route.h"

#include "base/base64.h"
#include "crypto/equal.h"
#include "protocol/key_judgement.h"

#include <array>
#include <utility>

namespace gatehouse::array_crypto {

namespace {

constexpr std::size_t longest_basic = 512;  // in base64

struct known_path {
    std::string_view name;
    endpoint to;
    verb method;
    std::string_view allow;
};
constexpr std::array<known_path, 4> known_paths{{
    {"/snapshot", endpoint::snapshot, verb::get, "GET"},
    {"/handshake", endpoint::handshake, verb::post, "POST"},
    {"/health", endpoint::health, verb::get, "GET"},
    {"/message", endpoint::message, verb::post, "POST"},
}};

// Name and password of HTTP Basic, decoded into memory that is wiped.
class basic_identity {
public:
    explicit basic_identity(std::string_view authorization)
    {
        constexpr std::string_view scheme = "basic ";
        if (authorization.size() <= scheme.size())
            return;
        for (std::size_t i = 0; i < scheme.size(); ++i)
            if ((authorization[i] | 0x20) != scheme[i])
                return;
        authorization.remove_prefix(scheme.size());
        if (authorization.size() > longest_basic)
            return;
        auto const size = from_base64(authorization, memory_.expose_mutable());
        auto const text = as_text(bytes{memory_.expose()}.first(size.value_or(0)));
        auto const colon = text.find(':');
        if (colon == std::string_view::npos)
            return;
        name_ = text.substr(0, colon);
        password_ = text.substr(colon + 1);
    }

    // Nothing that could be a device's.
    std::optional<identity::device_id> name() const
    {
        return name_.empty() ? std::nullopt : identity::device_id::find(name_);
    }
    bool is_given() const noexcept { return !name_.empty(); }
    bytes password() const noexcept { return as_bytes(password_); }

private:
    secret<longest_basic> memory_;
    std::string_view name_;
    std::string_view password_;
};

result<device const*> find_device(
    std::span<device const> candidates, std::string_view authorization, identity::device_id& claimed
)
{
    if (candidates.empty())
        return error::unproven_device;
    auto const& first = candidates.front();
    if (first.password.size() == 0 && (candidates.size() == 1 || authorization.empty()))
        return &first;
    basic_identity const given{authorization};
    if (!given.is_given())
        return error::unproven_key;
    auto const name = given.name();
    auto const* found = name ? device_list::find(candidates, *name) : nullptr;
    if (found == nullptr)
        return error::unproven_key;
    claimed = found->name;
    if (found->password.size() == 0 || crypto::equal(found->password.expose(), given.password()))
        return found;
    return error::unproven_key;
}

routed refuse(status what, std::optional<error> why, identity::device_id const& claimed)
{
    return {std::nullopt, {what, {}, why, claimed}};
}

}  // namespace

routed find_route(device_list const& devices, request_head const& head, wall_time now)
{
    auto const slash = head.path.rfind('/');
    auto const begin = slash == std::string_view::npos ? 0 : slash;
    auto const prefix = head.path.substr(0, begin);
    auto const name = head.path.substr(begin);
    identity::device_id claimed;
    auto const candidates = devices.with_prefix(prefix);
    auto const found = find_device(candidates, head.authorization, claimed);
    if (!found) {
        bool const is_stranger = found.error() == error::unproven_device;
        return refuse(
            is_stranger ? status::not_found : status::unauthorized, found.error(), claimed
        );
    }
    auto const& of = **found;
    auto const judged = judge_key({of.credential, of.window, of.mark, {}}, now);
    if (!judged)
        return refuse(status::not_found, judged.error(), of.name);
    for (auto const& known : known_paths)
        if (known.name == name && known.method == head.method)
            return {known_request{&of, known.to}, {}};
        else if (known.name == name)
            return {std::nullopt, {status::method_not_allowed, known.allow, {}, of.name}};
    return refuse(status::not_found, {}, of.name);
}

}  // namespace gatehouse::array_crypto
