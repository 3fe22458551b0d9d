// A listener's settings of its protocol, as a value that only the protocol's own module opens.
#pragma once

#include "base/assert.h"

#include <memory>
#include <utility>

namespace gatehouse::config {

class protocol_options {
public:
    protocol_options() = default;  // nothing: of no protocol

    template <class Options>
    static protocol_options of(Options value)
    {
        protocol_options made;
        made.held_ = std::make_shared<holder<Options> const>(std::move(value));
        return made;
    }

    // What `of` was given, whose type is `Options`.
    template <class Options>
    Options const& as() const
    {
        auto const* const found = find<Options>();
        GATEHOUSE_ASSERT(found != nullptr);
        return *found;
    }

    // The same; null when it was given something else.
    template <class Options>
    Options const* find() const
    {
        auto const* const found = dynamic_cast<holder<Options> const*>(held_.get());
        return found != nullptr ? &found->value : nullptr;
    }

    bool operator==(protocol_options const& other) const
    {
        return held_ == other.held_ || (held_ && other.held_ && held_->equals(*other.held_));
    }

private:
    struct anything {
        virtual ~anything() = default;
        virtual bool equals(anything const& other) const = 0;
    };
    template <class Options>
    struct holder final : anything {
        explicit holder(Options of) : value{std::move(of)} {}
        bool equals(anything const& other) const override
        {
            auto const* const same = dynamic_cast<holder const*>(&other);
            return same != nullptr && same->value == value;
        }
        Options value;
    };

    std::shared_ptr<anything const> held_;
};

}  // namespace gatehouse::config
