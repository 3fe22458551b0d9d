// What names in the place of addresses mean. The reader asks no system: whoever loads the
// configuration brings the answers.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::config {

// An address as text, or why there is none.
struct named_address {
    std::string ip;
    std::string why;  // empty when there is an address
};

class host_names {
public:
    host_names() = default;
    virtual ~host_names() = default;
    host_names(host_names const&) = delete;
    host_names& operator=(host_names const&) = delete;

    // What a listener at `name` is bound to.
    virtual named_address find(std::string const& name) const = 0;
};

// None: for text that is not about this machine.
class no_host_names final : public host_names {
public:
    named_address find(std::string const& /*name*/) const override
    {
        return {{}, "names are not looked up here"};
    }
};

}  // namespace gatehouse::config
