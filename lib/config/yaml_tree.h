// One YAML document as a flat tree with the position of every node. The only user of yaml-cpp.
//
// Stricter than YAML: one document, no anchors, aliases, or tags; nothing outside its characters.
#pragma once

#include "config/complaints.h"
#include "config/wiped_text.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gatehouse::config {

enum class yaml_kind : std::uint8_t {
    nothing,  // an empty value, `~` or `null`
    plain,    // a scalar without quotes
    quoted,   // a scalar in quotes, or a block of text
    list,
    map,
};

class yaml_tree;

// A view of one node; valid as long as its tree.
class yaml_node {
public:
    class iterator;

    yaml_kind kind() const noexcept;
    bool is_scalar() const noexcept;
    std::string_view text() const noexcept;  // of a scalar, else empty
    position where() const noexcept;

    // The children: the elements of a list; of a map, key and value in turn.
    iterator begin() const noexcept;
    iterator end() const noexcept;

private:
    friend class yaml_tree;
    yaml_node(yaml_tree const& tree, std::size_t index) noexcept : tree_{&tree}, index_{index} {}

    yaml_tree const* tree_;
    std::size_t index_;
};

class yaml_node::iterator {
public:
    explicit iterator(yaml_node at) noexcept : at_{at} {}
    yaml_node operator*() const noexcept { return at_; }
    iterator& operator++() noexcept;
    bool operator==(iterator const& other) const noexcept { return at_.index_ == other.at_.index_; }

private:
    yaml_node at_;
};

class yaml_tree {
public:
    // Reads `text`, once per tree. False when it is not one well-formed document; `report` says
    // why.
    [[nodiscard]] bool parse(std::string_view text, complaints& report);

    yaml_node root() const noexcept { return {*this, 0}; }

private:
    friend class yaml_node;
    friend class yaml_node::iterator;
    friend class tree_builder;

    // In the order of the file; the subtree of item i is [i, end).
    struct item {
        std::uint32_t text_start = 0;
        std::uint32_t text_size = 0;
        std::uint32_t line = 1;
        std::uint32_t column = 1;
        std::uint32_t end = 0;
        yaml_kind kind = yaml_kind::nothing;
    };

    position position_of(std::size_t index) const noexcept;

    std::vector<item> items_;
    wiped_text texts_;
};

}  // namespace gatehouse::config
