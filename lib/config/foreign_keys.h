// Keys of a credential file that are right in files of another kind: whose they are is said.
#pragma once

#include "config/credential_kind.h"
#include "config/protocol_type.h"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::config {

class foreign_keys {
public:
    // In a file of kind `own`, of all that `protocols` know.
    foreign_keys(credential_kind const& own, protocol_list const& protocols);

    void refuse_at_top(yaml_map& top) const { refuse(top, top_); }
    void refuse_in_device(yaml_map& device) const { refuse(device, device_); }

private:
    struct foreign_key {
        std::string_view key;
        std::string why;
    };
    static void refuse(yaml_map& map, std::vector<foreign_key> const& all);

    std::vector<foreign_key> top_;
    std::vector<foreign_key> device_;
};

}  // namespace gatehouse::config
