// Preloaded into a daemon: its wall clock is ahead of the machine's by the nanoseconds in a file,
// eight bytes in this machine's order, that $STEPPED_CLOCK names. The other clocks are as they are.
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

std::int64_t const* map_offset()
{
    auto const* const path = std::getenv("STEPPED_CLOCK");
    if (path == nullptr)
        return nullptr;
    auto const file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return nullptr;
    auto* const mapped = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    return mapped == MAP_FAILED ? nullptr : static_cast<std::int64_t const*>(mapped);
}

std::int64_t offset()
{
    static auto const* const mapped = map_offset();
    return mapped == nullptr ? 0 : __atomic_load_n(mapped, __ATOMIC_RELAXED);
}

}  // namespace

extern "C" int clock_gettime(clockid_t which, timespec* now) noexcept
{
    auto const failed = ::syscall(SYS_clock_gettime, which, now);
    if (failed != 0 || which != CLOCK_REALTIME)
        return static_cast<int>(failed);
    constexpr std::int64_t second = 1'000'000'000;
    auto const moved = now->tv_sec * second + now->tv_nsec + offset();
    now->tv_sec = moved / second;
    now->tv_nsec = moved % second;
    return 0;
}
