// The module of UPSS (docs/protocols/upss.md).
#pragma once

#include "net/protocol_module.h"

#include <memory>

namespace gatehouse {

std::unique_ptr<protocol_module> make_upss_module();

}  // namespace gatehouse
