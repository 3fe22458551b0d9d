// What a datagram session must survive: every datagram of a recorded life comes broken, forged, not
// at all, twice, too late or in the wrong order. It must believe nothing of it, acknowledge nothing
// of it, and go on as if it had never come.
#pragma once

#include "support/datagram_talk.h"

namespace gatehouse::test {

// For each datagram of the device: truncated, bytes corrupted (with and without a mended checksum),
// lost, repeated at once, repeated at the end, swapped with the next, never followed by anything.
// Expectations are gtest ones. The recorded life may end with BYE.
void fails_at_every_step(datagram_recording const& honest);

}  // namespace gatehouse::test
