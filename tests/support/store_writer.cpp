// SPDX-License-Identifier: Apache-2.0
// Commits numbered documents to a store until it is killed, and says each number on standard
// output after its commit: what was said must be there after any death.
// usage: store_writer URI FIRST [COUNT]
#include "core/store/store.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <format>
#include <limits>

int main(int argc, char **argv)
{
    using namespace postern;
    if (argc < 3)
        return 2;
    StoreOptions options;
    options.busyTimeout = std::chrono::seconds(60); // another one writes, on a slow disk
    auto store = openStore(argv[1], options);
    if (!store) {
        std::fprintf(stderr, "%s\n", describe(store.error()).c_str());
        return 4;
    }
    const long first = std::strtol(argv[2], nullptr, 10);
    const long count =
        argc > 3 ? std::strtol(argv[3], nullptr, 10) : std::numeric_limits<long>::max() - first;
    for (long number = first; number < first + count; ++number) {
        // Two documents and a delete: a torn commit would show.
        Transaction transaction;
        transaction.puts.push_back(
            {std::format("/apisix/routes/{}", number), std::format(R"({{"uri":"/{}"}})", number)});
        transaction.puts.push_back(
            {std::format("/apisix/consumers/c{}", number),
             std::format(R"({{"plugins":{{"key-auth":{{"key":"secret-{}"}}}}}})", number)});
        transaction.deletes.push_back(std::format("/apisix/consumers/c{}", number - 1));
        const auto revision = (*store)->commit(transaction);
        if (!revision) {
            std::fprintf(stderr, "%s\n", describe(revision.error()).c_str());
            return 1;
        }
        const std::string line = std::format("{}\n", number);
        if (::write(STDOUT_FILENO, line.data(), line.size()) != ssize_t(line.size()))
            return 1;
    }
    return 0;
}
