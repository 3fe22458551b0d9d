// A device and a session that have shaken hands, in each generation that knows datagrams. The suite
// is instantiated in datagram_established_test.cpp.
#pragma once

#include "protocol/usmp/datagram_established.h"
#include "support/datagram_talk.h"

#include <gtest/gtest.h>

namespace gatehouse::test {

class datagram_established : public testing::TestWithParam<wire_generation> {
protected:
    datagram_established() { talk.shake_hands(); }

    bool strict() const { return GetParam() < wire_generation::d2; }

    datagram_talk talk{GetParam()};
};

}  // namespace gatehouse::test
