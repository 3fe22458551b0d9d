#include "crypto/library.h"
#include "load_snapshot.h"
#include "modules/registry.h"
#include "net/log.h"
#include "options.h"
#include "process_start.h"
#include "start_check.h"
#include "state_directory.h"
#include "supervisor.h"
#include "version.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
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
void prepare_state_directory(
    std::string const& config_file,
    gatehouse::missing_directory missing,
    gatehouse::loaded_snapshot& loaded
)
{
    using namespace gatehouse;
    if (!loaded.settings || loaded.settings->state_directory.empty())
        return;
    auto why = state_directory_problem(loaded.settings->state_directory, missing);
    if (!why)
        return;
    loaded.problems.push_back({config_file, 0, 0, std::move(*why)});
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

int check(std::string const& config_file)
{
    using namespace gatehouse;
    protocol_registry const protocols;
    auto loaded =
        load_snapshot(config_file, protocols, {}, missing_stores::are_fine_when_they_can_be_made);
    if (loaded.settings)
        check_start(*loaded.settings, config_file, loaded.problems);
    prepare_state_directory(config_file, missing_directory::could_be_made, loaded);
    check_key_uses(protocols, config_file, loaded);
    print_problems(loaded.problems);
    if (!loaded.problems.empty())
        return 1;
    print_warnings(loaded.warnings);
    print_key_files(loaded.key_files);
    std::cerr << config_file << ": ok\n";
    return 0;
}

void tell_limits(bool memory_is_locked)
{
    using namespace gatehouse;
    if (memory_is_locked)
        log::write(log::level::info, "memory locked", {});
    for (auto const& limit : fatal_limits())
        log::write(
            log::level::warn,
            "the kernel will end the daemon",
            {{"limit", limit.name}, {"value", limit.value}, {"detail", limit.unit}}
        );
}

// The whole path of a file. Where we are is told by the kernel without symbolic links, so that ".."
// can be taken off it.
std::filesystem::path from_here(std::filesystem::path const& file, std::error_code& failure)
{
    if (file.is_absolute())
        return file;
    auto made = std::filesystem::current_path(failure);
    auto part = file.begin();
    for (; part != file.end() && (*part == ".." || *part == "."); ++part)
        if (*part == "..")
            made = made.parent_path();
    for (; part != file.end(); ++part)
        made /= *part;
    return made;
}

// With the whole path of its configuration: the directory that the daemon was started in may go.
int serve(std::string const& config_file)
{
    using namespace gatehouse;
    std::error_code failure;
    auto const path = from_here(config_file, failure).string();
    if (failure) {
        std::cerr << "gatehoused: the directory that it was started in: " << failure.message()
                  << '\n';
        return 1;
    }
    bool const memory_is_locked = lock_memory();
    protocol_registry const protocols;
    auto loaded = load_snapshot(path, protocols, {});
    if (loaded.settings)
        check_start(*loaded.settings, path, loaded.problems);
    prepare_state_directory(path, missing_directory::is_made, loaded);
    open_key_uses(protocols, path, loaded);
    print_problems(loaded.problems);
    if (!loaded.problems.empty())
        return 1;
    log::start(loaded.settings->log);
    tell_limits(memory_is_locked);
    supervisor daemon{path, std::move(loaded), protocols};
    auto const status = daemon.bind() ? daemon.run() : 1;
    refuse_signals();
    log::stop();
    return status;
}

int run(gatehouse::options const& chosen)
{
    using namespace gatehouse;
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
    case run_mode::check:
        return check(chosen.config_file);
    case run_mode::serve:
        break;
    }
    return serve(chosen.config_file);
}

}  // namespace

int main(int argc, char** argv)
{
    using namespace gatehouse;
    auto const chosen = parse_options(argc, argv);
    bool const serves = chosen.problem.empty() && chosen.mode == run_mode::serve;
    if (!settle_process(serves ? process_kind::daemon : process_kind::tool))
        return 1;
    try {
        return run(chosen);
    } catch (std::exception const& failure) {
        std::cerr << "gatehoused: cannot go on: " << explain_end(failure) << '\n';
        log::stop();
        return 1;
    }
}
