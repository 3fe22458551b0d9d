// What a session must survive: every step of a recorded life goes wrong in every way, and the
// session must refuse for the right class of reason, give the backend nothing that it should not
// have, and believe nobody who proved nothing.
#pragma once

#include "support/session_script.h"

namespace gatehouse::test {

// For each step: truncated, bytes corrupted (with and without a mended checksum), left out, sent
// twice, swapped with the next, timed out, closed, ended. Expectations are gtest ones.
void fails_at_every_step(recording const& honest);
void fails_at_every_step(session_script const& script);

// Two bits of each byte: what a frame's parser and its cryptography see differently.
inline constexpr std::uint8_t corruptions[] = {0x01, 0x80};

}  // namespace gatehouse::test
