#include "crypto/library.h"

#include <openssl/crypto.h>

namespace gatehouse::crypto {

std::string library_version()
{
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}

}  // namespace gatehouse::crypto
