// What the process asks of the kernel before it starts.
#pragma once

namespace gatehouse {

// As many descriptors as the operator's hard limit allows: each device's connection takes one.
void raise_descriptor_limit();

// No core files, and no other process of the same user may look into this one: its memory holds the
// fleet's keys. (Not in builds with the address sanitizer, which looks itself.)
void keep_memory_private();

}  // namespace gatehouse
