// What a credential set has besides the keys of its devices, which only the protocol of its kind
// knows. Immutable; belongs to a keyring.
#pragma once

namespace gatehouse::identity {

class credential_extras {
public:
    virtual ~credential_extras() = default;
    credential_extras(credential_extras const&) = delete;
    credential_extras& operator=(credential_extras const&) = delete;

protected:
    credential_extras() = default;
};

}  // namespace gatehouse::identity
