// A recorded device and its gateway, up to where a test begins.
#pragma once

#include "unit/device/live_datagram_device.h"
#include "unit/device/recorded_session.h"

#include <gtest/gtest.h>

#include <string_view>

namespace gatehouse::test {

inline usmp::frame_type type_of(byte_string const& frame)
{
    return usmp::parse_header(frame)->type;
}

inline std::uint32_t sequence_of(byte_string const& frame)
{
    return usmp::parse_header(frame)->sequence;
}

struct datagram_scene {
    explicit datagram_scene(
        std::string_view generation, device::usmp_datagram_habits const& habits = {}
    )
        : vectors{load_vectors(generation)}
        , gateway{vectors}
        , device{settings_of(vectors), habits, drawn_by_device(vectors, vectors.datagrams)}
    {
    }

    // The gateway's UTACK for what the device sent last, which is returned.
    byte_string acknowledge()
    {
        auto frame = device.next();
        device.feed(gateway.ack_of(frame));
        return frame;
    }

    void greet()
    {
        device.start();
        acknowledge();
    }

    void be_challenged()
    {
        greet();
        device.feed(gateway.handshake(usmp::frame_type::challenge));
        device.next();  // its UTACK
    }

    void establish()
    {
        be_challenged();
        acknowledge();
        device.feed(gateway.handshake(usmp::frame_type::session_ok));
        device.next();
        ASSERT_TRUE(device.get().established());
        ASSERT_TRUE(device.wire.empty());
    }

    vector_file vectors;
    recorded_gateway gateway;
    live_datagram_device device;
};

}  // namespace gatehouse::test
