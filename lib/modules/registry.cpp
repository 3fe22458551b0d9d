#include "modules/registry.h"

#include "modules/array_crypto.h"
#include "modules/pssst.h"
#include "modules/spp.h"
#include "modules/upss.h"
#include "modules/usmp.h"

namespace gatehouse {

namespace {

// One line a protocol. The first one is spoken where a listener names none.
std::vector<std::unique_ptr<protocol_module>> make_all()
{
    std::vector<std::unique_ptr<protocol_module>> made;
    made.push_back(make_usmp_module());
    made.push_back(make_spp_module());
    made.push_back(make_pssst_module());
    made.push_back(make_upss_module());
    made.push_back(make_array_crypto_module());
    return made;
}

}  // namespace

protocol_registry::protocol_registry() : modules_{make_all()}
{
    for (auto const& module : modules_)
        known_.push_back(module.get());
    types_ = {known_};
}

protocol_registry::~protocol_registry() = default;

}  // namespace gatehouse
