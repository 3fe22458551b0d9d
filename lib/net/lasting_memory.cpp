#include "net/lasting_memory.h"

#include "crypto/random.h"

namespace gatehouse {

namespace {

std::uint64_t draw()
{
    crypto::system_random random;
    return crypto::draw_number(random);
}

}  // namespace

lasting_memory::lasting_memory()
    : proofs{draw()}
    , spp_hints{spp::limits::hint_sets, spp::limits::hints_a_set}
{
}

std::array<lasting_memory::part, 2> const& lasting_memory::parts() noexcept
{
    static constexpr std::array<part, 2> all{{
        {"recent-proofs",
         recent_proofs::largest_save,
         [](lasting_memory const& from, wall_time now) { return from.proofs.save(now); },
         [](lasting_memory& into, bytes saved) { return into.proofs.load(saved); }},
        {"spp-sources",
         spp::source_hints::largest_save,
         [](lasting_memory const& from, wall_time) { return from.spp_hints.save(); },
         [](lasting_memory& into, bytes saved) { return into.spp_hints.load(saved); }},
    }};
    return all;
}

}  // namespace gatehouse
