#include "store/fitness.h"

#include "base/utf8.h"
#include "store/limits.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace gatehouse::store {

namespace {

failure unfit(std::string text)
{
    return failure{failure_kind::unfit_value, std::move(text)};
}

bool printable(std::string_view text)
{
    return is_utf8(as_bytes(text)) && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

}  // namespace

outcome<> check_name(std::string_view name)
{
    if (name.size() > identity::longest_device_name || !printable(name))
        return unfit(
            "a device's name is UTF-8 without control characters, of up to " +
            std::to_string(identity::longest_device_name) + " bytes"
        );
    return {};
}

outcome<> check_key(identity::device_id const& device, new_key const& key)
{
    if (key.id.empty() || key.id.size() > longest_key_id || !printable(key.id))
        return unfit(
            "device " + device.text() + ": a key id is UTF-8 without control characters, of 1 to " +
            std::to_string(longest_key_id) + " bytes"
        );
    auto const whose = "device " + device.text() + ", key \"" + key.id + "\": ";
    if (key.secret.size() == 0 || key.secret.size() > longest_secret)
        return unfit(
            whose + "a secret has 1 to " + std::to_string(longest_secret) +
            " bytes, this one has " + std::to_string(key.secret.size())
        );
    if (key.window.not_before >= key.window.not_after)
        return unfit(whose + "its window closes before it opens");
    return {};
}

outcome<> check_device(new_device const& device)
{
    if (device.id.raw().size() != identity::device_id::mac_size)
        return unfit("a device id has 6 bytes, as 02:00:00:00:00:01");
    if (auto fit = check_name(device.name); !fit)
        return fit;
    if (device.keys.size() > most_keys)
        return failure{
            failure_kind::too_many_keys,
            "device " + device.id.text() + " has " + std::to_string(device.keys.size()) +
                " keys; a device may have " + std::to_string(most_keys)};
    for (std::size_t i = 0; i < device.keys.size(); ++i) {
        auto const& key = device.keys[i];
        if (auto fit = check_key(device.id, key); !fit)
            return fit;
        auto const same = [&](new_key const& other) { return other.id == key.id; };
        if (std::any_of(
                device.keys.begin(), device.keys.begin() + static_cast<std::ptrdiff_t>(i), same
            ))
            return failure{
                failure_kind::exists,
                "device " + device.id.text() + " has two keys under the id \"" + key.id + '"'};
    }
    return {};
}

}  // namespace gatehouse::store
