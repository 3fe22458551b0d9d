// Facts about the cryptographic library, for --version and metrics.
#pragma once

#include <string>

namespace gatehouse::crypto {

// "OpenSSL 3.0.19 ..." of the library that is loaded now.
std::string library_version();

}  // namespace gatehouse::crypto
