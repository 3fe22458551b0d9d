// Stands in for libFuzzer where it is not linked: runs every file of the given folders once.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

int main(int count, char** arguments)
{
    std::size_t runs = 0;
    for (int i = 1; i < count; ++i)
        for (auto const& entry : std::filesystem::directory_iterator{arguments[i]}) {
            std::ifstream in{entry.path(), std::ios::binary};
            std::vector<char> const content{std::istreambuf_iterator<char>{in}, {}};
            std::vector<std::uint8_t> const input{content.begin(), content.end()};
            std::printf("%s\n", entry.path().filename().c_str());
            std::fflush(stdout);
            LLVMFuzzerTestOneInput(input.data(), input.size());
            ++runs;
        }
    std::printf("%zu inputs\n", runs);
    return runs == 0 ? 1 : 0;
}
