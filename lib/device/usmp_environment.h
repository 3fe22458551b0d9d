// What the simulated USMP devices of one thread share, and what each is made from.
#pragma once

#include "base/block_pool.h"
#include "base/bytes.h"
#include "crypto/aead.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "device/usmp_release.h"
#include "protocol/usmp/messages.h"

#include <string_view>

namespace gatehouse::device {

// Owned by the devices' owner, used on one thread; outlives the devices.
struct usmp_environment {
    crypto::workbench& crypto;
    crypto::random_source& random;
    block_pool& blocks;
};

struct usmp_settings {
    usmp_release release = usmp_release_of(usmp::r1_2);
    std::string_view label =
        release.how->label;  // a build of the 0.2 line may have another of labels_0_2()
    usmp::device_bytes id{};
    bytes psk;  // a view; its owner outlives the device
    crypto::aead_algorithm cipher = crypto::aead_algorithm::aes_256_gcm;
};

}  // namespace gatehouse::device
