// One run of one command.
#pragma once

#include "admin_client.h"
#include "arguments.h"

#include <cstdint>

namespace gatehouse::ctl {

enum class output_form : std::uint8_t { text, json };

struct call {
    arguments const& words;
    admin_door door;
    output_form form = output_form::text;
};

// From the options that every command takes. Throws usage_error.
call make_call(arguments const& words);

}  // namespace gatehouse::ctl
