#include "modules/array_crypto.h"

#include "backend/codec.h"
#include "config/fields.h"
#include "modules/array_crypto_credentials.h"
#include "modules/array_crypto_host.h"
#include "net/shared_snapshot.h"
#include "protocol/array_crypto/options.h"
#include "protocol/array_crypto/pair_table.h"

namespace gatehouse {

namespace {

class array_crypto_module final : public protocol_module {
public:
    array_crypto_module()
        : protocol_module{
              {.name = "array-crypto",
               .only_over = config::transport::tcp,
               .keys = &array_crypto_credentials(),
               .danger = "whoever can reach it, or sees its traffic, can read and forge messages"}}
    {
    }

    config::protocol_options usual_options() const override
    {
        return config::protocol_options::of(array_crypto::options{});
    }
    config::protocol_options read(config::yaml_node section, config::complaints& report)
        const override;

    std::unique_ptr<protocol_host> make_host(
        config::listener const& listener,
        credential_slot const& keys,
        protocol_tools tools,
        std::size_t
    ) const override
    {
        return std::make_unique<array_crypto_host>(listener, *keys.keyring, tools, *pairs_);
    }
    std::unique_ptr<worker_state> make_worker_state(worker_tools) const override
    {
        return std::make_unique<array_crypto_host::memory>();
    }

    std::size_t largest_message(config::listener const& listener) const override
    {
        return listener.options.as<array_crypto::options>().message_limit;
    }

private:
    // Requests of one device arrive on any worker.
    std::unique_ptr<array_crypto::pair_table> const pairs_ =
        std::make_unique<array_crypto::pair_table>();
};

config::protocol_options array_crypto_module::read(
    config::yaml_node section, config::complaints& report
) const
{
    static constexpr config::number_range message_sizes{64, backend::carried_message_limit};
    array_crypto::options made;
    config::yaml_map map{section, "\"array-crypto\"", report};
    config::read_size(map, "message_limit", message_sizes, made.message_limit);
    config::read_duration(map, "reply_timeout", made.reply_timeout);
    config::read_flag(map, "answers", made.answers);
    map.finish();
    return config::protocol_options::of(made);
}

}  // namespace

std::unique_ptr<protocol_module> make_array_crypto_module()
{
    return std::make_unique<array_crypto_module>();
}

}  // namespace gatehouse
