// Array-Crypto as a module of the gateway.
#pragma once

#include "net/protocol_module.h"

#include <memory>

namespace gatehouse {

std::unique_ptr<protocol_module> make_array_crypto_module();

}  // namespace gatehouse
