#include "crypto/library.h"
#include "crypto/random.h"
#include "load_house.h"
#include "net/log.h"
#include "options.h"
#include "process_limits.h"
#include "state_directory.h"
#include "supervisor.h"
#include "version.h"

#include <algorithm>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace {

void print_problems(gatehouse::config::problems const& list)
{
    for (auto const& problem : list)
        std::cerr << to_string(problem) << '\n';
}

void print_warnings(gatehouse::config::problems const& list)
{
    for (auto const& warning : list)
        std::cerr << "warning: " << warning.text << " (" << warning.file
                  << (warning.line > 0 ? ", line " + std::to_string(warning.line) : "") << ")\n";
}

// A start makes it, a check says what a start would say.
void prepare_state_directory(gatehouse::options const& chosen, gatehouse::loaded_house& loaded)
{
    using namespace gatehouse;
    if (!loaded.settings || loaded.settings->state_directory.empty())
        return;
    auto const missing = chosen.mode == run_mode::check ? missing_directory::could_be_made
                                                        : missing_directory::is_made;
    auto why = state_directory_problem(loaded.settings->state_directory, missing);
    if (!why)
        return;
    loaded.problems.push_back({chosen.config_file, 0, 0, std::move(*why)});
    loaded.settings.reset();
}

// As many as fit on a screen; the log has their numbers.
void print_key_files(std::vector<gatehouse::config::key_file_note> const& read)
{
    static constexpr std::size_t most = 20;
    for (std::size_t i = 0; i < std::min(read.size(), most); ++i)
        std::cerr << "key file " << read[i].path << ": " << describe(read[i].form, read[i].size)
                  << '\n';
    if (read.size() > most)
        std::cerr << "and " << read.size() - most << " more key files\n";
}

int serve(gatehouse::options const& chosen)
{
    using namespace gatehouse;
    auto const missing = chosen.mode == run_mode::check ? missing_stores::are_problems
                                                        : missing_stores::are_made_when_new;
    auto loaded = load_house(chosen.config_file, {}, missing);
    prepare_state_directory(chosen, loaded);
    crypto::system_random random;
    replay_filters filters{random, replay_filters::boot::read()};
    if (chosen.mode == run_mode::check)
        check_filters(filters, chosen.config_file, loaded);
    else
        open_filters(filters, chosen.config_file, loaded);
    print_problems(loaded.problems);
    if (!loaded.settings)
        return 1;
    if (chosen.mode == run_mode::check) {
        print_warnings(loaded.warnings);
        print_key_files(loaded.key_files);
        std::cerr << chosen.config_file << ": ok\n";
        return 0;
    }
    keep_memory_private();
    raise_descriptor_limit();
    bool const locked = lock_memory();
    log::start(loaded.settings->log);
    if (locked)
        log::write(log::level::info, "memory locked", {});
    supervisor daemon{chosen.config_file, std::move(loaded), filters};
    auto const status = daemon.bind() ? daemon.run() : 1;
    log::stop();
    return status;
}

}  // namespace

int main(int argc, char** argv)
{
    using namespace gatehouse;
    auto const chosen = parse_options(argc, argv);
    if (!chosen.problem.empty()) {
        std::cerr << "gatehoused: " << chosen.problem << " (gatehoused --help says more)\n";
        return 2;
    }
    switch (chosen.mode) {
    case run_mode::help:
        std::cout << usage_text;
        return 0;
    case run_mode::version:
        std::cout << "gatehoused " << version << "\nOpenSSL " << crypto::library_version() << '\n'
                  << build_facts << '\n';
        return 0;
    case run_mode::serve:
    case run_mode::check:
        break;
    }
    return serve(chosen);
}
