// The configuration: any bytes give settings or problems, never both and never neither.
#include "base/bytes.h"
#include "config/load.h"
#include "modules/registry.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    namespace config = gatehouse::config;
    static gatehouse::protocol_registry const protocols;
    config::problems found;
    config::problems warnings;
    auto const text = gatehouse::as_text({data, size});
    auto const made = config::parse(text, "etc/fuzz.yaml", protocols.types(), found, warnings);
    if (made.has_value() != found.empty())
        std::abort();
    found.insert(found.end(), warnings.begin(), warnings.end());
    for (auto const& p : found) {
        if (to_string(p).empty() || p.text.empty())
            std::abort();
    }
    return 0;
}
