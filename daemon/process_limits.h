// What the process asks of the kernel before it starts.
#pragma once

namespace gatehouse {

// As many descriptors as the operator's hard limit allows: each device's connection takes one.
void raise_descriptor_limit();

// No core files, and no other process of the same user may look into this one: its memory holds the
// fleet's keys. (Not in builds with the address sanitizer, which looks itself.)
void keep_memory_private();

// Keeps all memory out of the swap space, for the same reason. True when that was done: only where
// the operator allows any amount of it (LimitMEMLOCK=infinity), since with a bound the daemon would
// run out of memory that it may lock when the fleet grows. (Not in builds with that sanitizer.)
bool lock_memory();

}  // namespace gatehouse
