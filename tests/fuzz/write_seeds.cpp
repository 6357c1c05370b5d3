// SPDX-License-Identifier: Apache-2.0
#include "seeds.h"

#include <filesystem>
#include <format>
#include <fstream>
#include <iostream>

// Usage: write_seeds FOLDER. Writes FOLDER/<target>/seed-N for libFuzzer.
int main(int count, char **arguments)
{
    if (count != 2) {
        std::cerr << "usage: write_seeds FOLDER\n";
        return 2;
    }
    std::size_t number = 0;
    for (const postern::fuzz::Seed &seed : postern::fuzz::seeds()) {
        const std::filesystem::path folder = std::filesystem::path(arguments[1]) / seed.target;
        std::filesystem::create_directories(folder);
        std::ofstream(folder / std::format("seed-{}", number++), std::ios::binary) << seed.octets;
    }
    std::cout << number << " seeds\n";
    return number > 0 ? 0 : 1;
}
