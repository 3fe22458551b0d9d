// The names of devices that are too long to stand in a device_id.
//
// The one thing below lib/net that is shared by the whole process and may change: a device_id has
// 16 bytes, is copied everywhere and owns nothing, so a longer name needs a place that outlives all
// of its copies, in whichever keyring, session, directory or posted value they are. Nothing is ever
// freed. The pool grows only by names that operators wrote into files, by a few bytes each; text of
// backends, commands and devices is only looked up. Any thread; a lock is taken to add or to look
// up, never to read a name.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::identity {

// Where `name` stands, for ever. The same name has one place.
std::string const* intern_name(std::string_view name);

// nullptr when it was never interned.
std::string const* interned_name(std::string_view name);

}  // namespace gatehouse::identity
