// Carries out what operators ask for over the administration sockets
// (docs/reference/admin-api.md).
//
// Main thread. Workers answer by posted values; nothing here waits.
#pragma once

#include "admin/command.h"
#include "admin/request.h"
#include "audit_log.h"
#include "crypto/random.h"
#include "device_pages.h"
#include "net/admin_endpoint.h"
#include "net/log_sampler.h"
#include "store/device_store.h"
#include "supervisor.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gatehouse {

class administration {
public:
    // `daemon` outlives it.
    administration(supervisor& daemon, audit_log& audit);

    using reply = admin_endpoint::reply;
    void handle(admin::request asked, reply to);

    // Somebody who may not use the socket was turned away.
    void turned_away(admin::requester const& who);

private:
    reply audited(admin::request const& asked, reply to);
    void carry_out(admin::request const& asked, reply answer);
    void read(admin::command const& what, reply answer);
    void change(admin::command const& what, reply answer);

    // Reading.
    boost::json::object status() const;
    boost::json::object audit() const;
    boost::json::array missing_documents() const;
    boost::json::array listeners() const;
    boost::json::array backends() const;
    boost::json::array credential_sets() const;
    boost::json::array unwritten_changes() const;
    void list_sessions(admin::command const& what, reply answer);
    void list_keys(admin::command const& what, reply answer);
    void list_stale(admin::command const& what, reply answer);
    void list_devices(admin::command const& what, reply answer);
    void show_device(admin::command const& what, reply answer);
    void show_devices(
        std::size_t slot,
        std::vector<identity::device_id> const& devices,
        std::function<void(boost::json::array)> done
    );
    using all_key_uses = std::vector<std::vector<key_use>>;  // by credential set and key
    // `parts` by worker.
    boost::json::array keys_document(
        std::vector<all_key_uses> const& parts, std::optional<std::string> const& only
    ) const;
    struct known_device {
        std::size_t slot = 0;  // of its credential set
        identity::device_id device;
    };
    std::variant<known_device, admin::refusal> device_of(admin::command const& what) const;

    // Changing.
    void reload(reply answer);
    void set_log_level(admin::command const& what, reply const& answer);
    void close_session(admin::command const& what, reply answer);
    void show_psk(admin::command const& what, reply const& answer);
    // Managed stores.
    std::variant<config::credential_set, admin::refusal> managed(std::size_t slot) const;
    std::variant<known_device, admin::refusal> target_of(admin::command const& what) const;
    void change_store(admin::command const& what, reply answer);
    // On the disk first, then in force. `document` is answered when both are done; `change` may
    // add to it.
    using device_change =
        std::function<store::outcome<>(store::device_store&, boost::json::object& document)>;
    void change_one(
        config::credential_set const& set,
        identity::device_id const& device,
        device_change change,
        reply answer
    );
    void publish(
        config::credential_set const& set,
        identity::device_id const& device,
        std::shared_ptr<std::optional<store::stored_device>> stored,
        boost::json::object done,
        reply answer
    );
    void add_device(admin::command const& what, config::credential_set const& set, reply answer);
    void rotate_key(
        admin::command const& what,
        config::credential_set const& set,
        identity::device_id const& device,
        reply answer
    );
    // In force first: nobody stays in because a disk is full.
    void lock_out(owed_change what, reply answer);
    bool knows_key(owed_change const& what) const;
    // What takes long: beside the main thread, with a handle of its own.
    void import_devices(
        admin::command const& what, config::credential_set const& set, reply answer
    );
    void export_devices(config::credential_set const& set, reply answer);
    void purge_keys(admin::command const& what, config::credential_set const& set, reply answer);
    void back_up(admin::command const& what, config::credential_set const& set, reply answer);
    using store_change = std::function<store::outcome<boost::json::object>(store::device_store&)>;
    using store_question = std::function<admin::answer(store::device_store&)>;
    void ask_store_aside(config::credential_set const& set, store_question ask, reply answer);
    void change_whole_store(config::credential_set const& set, store_change change, reply answer);
    void publish_all(config::credential_set const& set, boost::json::object done, reply answer);

    // The slot of the set that the command names; the only one when it names none.
    std::variant<std::size_t, admin::refusal> credentials_of(admin::command const& what) const;

    // Asks all workers; `done` gets their answers together, on the main thread.
    template <class Answer>
    void ask_workers(
        std::function<void(worker&, std::function<void(Answer)>)> const& ask,
        std::function<void(std::vector<Answer>)> done
    );
    void sightings_of(
        std::size_t slot,
        std::vector<identity::device_id> const& devices,
        std::function<void(std::vector<device_sighting>)> done
    );

    std::shared_ptr<void> alive_ = std::make_shared<char>();  // for what comes later
    supervisor& daemon_;
    audit_log& audit_;
    log_sampler refusals_;
    device_pages pages_;
    crypto::system_random random_;
    wall_time const started_;
    time_point const started_at_;
};

}  // namespace gatehouse
