#include "crypto/chacha20.h"

#include "base/assert.h"
#include "crypto/owners.h"

#include <algorithm>

namespace gatehouse::crypto {

struct chacha20::contexts {
    cipher_owner cipher{EVP_CIPHER_fetch(nullptr, "ChaCha20", nullptr)};
    cipher_context_owner stream{EVP_CIPHER_CTX_new()};
};

chacha20::chacha20() : contexts_{std::make_unique<contexts>()}
{
    GATEHOUSE_ASSERT(contexts_->cipher && contexts_->stream);
    auto* stream = contexts_->stream.get();
    auto const* cipher = contexts_->cipher.get();
    GATEHOUSE_ASSERT(EVP_EncryptInit_ex2(stream, cipher, nullptr, nullptr, nullptr) == 1);
}

chacha20::~chacha20() = default;

void chacha20::keystream(
    std::span<std::uint8_t const, key_size> key,
    std::span<std::uint8_t const, start_size> start,
    mutable_bytes out
)
{
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    auto* stream = contexts_->stream.get();
    int written = 0;
    bool const ok =
        EVP_EncryptInit_ex2(stream, nullptr, key.data(), start.data(), nullptr) == 1 &&
        EVP_EncryptUpdate(stream, out.data(), &written, out.data(), static_cast<int>(out.size())) ==
            1;
    GATEHOUSE_ASSERT(ok && written == static_cast<int>(out.size()));
}

}  // namespace gatehouse::crypto
