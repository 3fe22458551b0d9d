// What the process asks of the kernel before it starts.
#pragma once

namespace gatehouse {

// As many descriptors as the operator's hard limit allows: each device's connection takes one.
void raise_descriptor_limit();

}  // namespace gatehouse
