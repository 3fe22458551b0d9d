// The cryptography of one handshake and nothing around it, by OpenSSL's cheapest public calls.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace gatehouse::bench {

// One object a thread. Each call does what one handshake needs once.
class bare_crypto {
public:
    bare_crypto();
    ~bare_crypto();
    bare_crypto(bare_crypto const&) = delete;
    bare_crypto& operator=(bare_crypto const&) = delete;

    void make_key();     // an X25519 key pair
    void agree();        // the shared secret with a peer's 32 bytes
    void derive_keys();  // HKDF-SHA256 to 64 bytes
    void prove();        // one HMAC-SHA256 over a transcript
    void sign();         // Ed25519 over 32 bytes
    void verify();       // the same

    // Of a PSSST request, beside `agree`.
    void hash();                           // SHA-256 of 64 bytes
    void open_and_seal(std::size_t size);  // AES-128-GCM with one key for both

    void whole_handshake()
    {
        make_key();
        agree();
        derive_keys();
        prove();
        prove();
    }

    // Of protocol spp.
    void whole_signed_handshake()
    {
        make_key();
        agree();
        sign();
        verify();
    }

private:
    struct contexts;
    std::unique_ptr<contexts> contexts_;
};

}  // namespace gatehouse::bench
