// Changes of managed stores, one after the other on a thread of their own: a disk that is slow,
// full or locked holds up neither the main thread nor a message.
//
// Main thread, but for the work itself.
#pragma once

#include "background_jobs.h"
#include "crypto/random.h"
#include "file_state.h"
#include "net/task.h"
#include "owed_changes.h"
#include "store/device_store.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace gatehouse {

class store_writer {
public:
    // What is owed is tried again after this, and then less and less often.
    static constexpr std::chrono::seconds first_pause{1};
    static constexpr std::chrono::seconds longest_pause{30};

    explicit store_writer(boost::asio::io_context& context);
    store_writer(store_writer const&) = delete;
    store_writer& operator=(store_writer const&) = delete;
    ~store_writer() = default;

    using work = std::function<store::outcome<>(store::device_store&)>;
    using finished = std::function<void(std::optional<store::failure>)>;
    // `what` with the set's store, behind everything that is owed to it; `done` on the main thread.
    void run(config::credential_set const& set, work what, finished done);

    // A change that is to be put in force by the caller now: written as soon as that can be done.
    // `tried` is told of the first try, which goes on with `then` when it is written.
    void owe(owed_change what, work then, finished tried);

    owed_changes const& owed() const noexcept { return owed_; }
    bool busy() const noexcept { return thread_.busy(); }

private:
    std::optional<store::failure> perform(config::credential_set const& set, work const& what);
    void try_again_later();
    void try_again();

    owed_changes owed_;
    crypto::system_random random_;  // the thread's
    struct open_one {
        store::device_store store;
        file_print file;
    };
    std::map<std::string, open_one> stores_;  // the thread's, by path and key
    steady_timer timer_;
    std::chrono::seconds pause_{first_pause};
    bool waiting_ = false;
    background_jobs thread_;
};

}  // namespace gatehouse
