#include "protocol/pssst/replay_filter.h"

#include "base/assert.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace gatehouse::pssst {

namespace {

// The memory is a header of one page, the counts of senders, and blocks of bits.
constexpr std::size_t page = 4'096;
constexpr std::string_view magic = "gatehouse-pssst\n";
constexpr std::uint64_t version = 1;

struct offsets {
    static constexpr std::size_t version = 16;
    static constexpr std::size_t requests = 24;
    static constexpr std::size_t key = 32;     // SHA-256 of the gateway's public key
    static constexpr std::size_t secret = 64;  // of this filter
    static constexpr std::size_t check = 96;   // SHA-256 of all before it
    // What changes.
    static constexpr std::size_t claimed = 128;
    static constexpr std::size_t left_at = 136;
    static constexpr std::size_t boot = 144;
    static constexpr std::size_t bits = 160;  // that are set, 0 in files of before there was this
    static constexpr std::size_t end = 168;
};

// A count-min sketch: each sender in one cell of each row, so that its least is no less than its
// own and seldom more.
constexpr std::size_t cells_a_row = 4'096;
using sender_count = std::uint32_t;
constexpr std::size_t counts_size =
    replay_filter::counts_a_sender * cells_a_row * sizeof(sender_count);

// All bits of a value are in one page, so that one is written for it. 14 of 32768 bits for each of
// 1024 values: a fresh one finds all of its bits set in 5 of 10 million cases when all are there.
using word = std::uint64_t;
constexpr std::size_t word_bits = 64;
constexpr std::size_t block_size = page;
constexpr std::uint64_t values_a_block = 1'024;
constexpr std::size_t blocks_offset = page + counts_size;
static_assert(block_size * 8 == 1U << 15);

// Below this many requests nobody has too large a share.
constexpr std::uint64_t unquestioned_share = std::uint64_t{1} << 16;
// And above it, when there are this many times as many as are left for everybody.
constexpr std::uint64_t share_of_free = 8;

template <class T>
std::atomic_ref<T> cell_at(mutable_bytes memory, std::size_t offset) noexcept
{
    return std::atomic_ref<T>{*reinterpret_cast<T*>(memory.data() + offset)};
}

std::size_t count_offset(std::size_t row, std::uint16_t cell) noexcept
{
    return page + (row * cells_a_row + cell) * sizeof(sender_count);
}

std::size_t word_offset(std::uint32_t block, std::uint16_t bit) noexcept
{
    return blocks_offset + block * block_size + bit / word_bits * sizeof(word);
}

constexpr word mask_of(std::uint16_t bit) noexcept
{
    return word{1} << bit % word_bits;
}

std::uint64_t blocks_for(std::uint64_t requests) noexcept
{
    return (requests + values_a_block - 1) / values_a_block;
}

std::uint64_t bits_in(bytes blocks) noexcept
{
    std::uint64_t sum = 0;
    for (std::size_t at = 0; at < blocks.size(); at += sizeof(word)) {
        word held = 0;
        std::memcpy(&held, blocks.data() + at, sizeof held);
        sum += static_cast<std::uint64_t>(std::popcount(held));
    }
    return sum;
}

// The next `Bits` of a digest at a time.
class bit_source {
public:
    explicit bit_source(bytes digest) noexcept : in_{digest} {}

    template <unsigned Bits>
    std::uint16_t take() noexcept
    {
        while (have_ < Bits) {
            held_ = held_ << 8 | in_.little<std::uint8_t>();
            have_ += 8;
        }
        have_ -= Bits;
        return static_cast<std::uint16_t>(held_ >> have_ & ((1U << Bits) - 1));
    }

private:
    wire::reader in_;
    std::uint32_t held_ = 0;
    unsigned have_ = 0;
};

// Sets apart what the secret is used for.
constexpr std::array<std::uint8_t, 1> of_values{0};
constexpr std::array<std::uint8_t, 1> of_senders{1};

crypto::sha256_digest digest_of(bytes what)
{
    return crypto::sha256{}.compute({what});
}

}  // namespace

std::size_t replay_filter::size_for(std::uint64_t requests) noexcept
{
    return blocks_offset + blocks_for(requests) * block_size;
}

void replay_filter::make(
    mutable_bytes memory,
    crypto::x25519_public const& key,
    std::uint64_t requests,
    crypto::random_source& random
)
{
    GATEHOUSE_ASSERT(memory.size() == size_for(requests));
    wire::writer out{memory.first(offsets::claimed)};
    out.put(as_bytes(magic)).little(version).little(requests).put(digest_of(key));
    random.fill(out.claim(crypto::sha256_size));
    out.put(digest_of(memory.first(offsets::check)));
}

std::string_view replay_filter::why_unfit(bytes memory)
{
    if (memory.size() < blocks_offset)
        return "it is too short";
    wire::reader in{memory};
    if (as_text(in.take(magic.size())) != magic)
        return "it is another kind of file";
    if (in.little<std::uint64_t>() != version)
        return "another version of gatehoused made it";
    auto const requests = in.little<std::uint64_t>();
    in.take(2 * crypto::sha256_size);
    if (in.array<crypto::sha256_size>() != digest_of(memory.first(offsets::check)))
        return "its first bytes are damaged";
    if (memory.size() != size_for(requests))
        return "it has another size than it was made with";
    return {};
}

std::string_view replay_filter::why_unfit(bytes memory, crypto::x25519_public const& key)
{
    auto const why = why_unfit(memory);
    if (!why.empty())
        return why;
    if (wire::reader{memory.subspan(offsets::key)}.array<crypto::sha256_size>() != digest_of(key))
        return "it is of another gateway key";
    return {};
}

// Of a claim the bits are written first, then the sums: whenever a process ends, there are no fewer
// than the sum says.
bool replay_filter::has_forgotten(bytes memory)
{
    auto const sum = wire::reader{memory.subspan(offsets::bits)}.little<std::uint64_t>();
    return bits_in(memory.subspan(blocks_offset)) < sum;
}

replay_filter::replay_filter(file_memory& memory)
    : file_{memory}
    , memory_{memory.memory()}
    , requests_{wire::reader{memory_.subspan(offsets::requests)}.little<std::uint64_t>()}
    , blocks_{blocks_for(requests_)}
{
    cell_at<std::uint64_t>(memory_, offsets::bits).store(bits_in(memory_.subspan(blocks_offset)));
}

replay_filter::value_marks replay_filter::marks_of(
    crypto::hmac_sha256& hmac, crypto::x25519_public const& dh
) const
{
    auto const secret = memory_.subspan(offsets::secret, crypto::sha256_size);
    auto const digest = hmac.compute(secret, {of_values, dh});
    wire::reader in{digest};
    value_marks made;
    made.block = static_cast<std::uint32_t>(in.little<std::uint32_t>() * blocks_ >> 32);
    bit_source drawn{in.take_rest()};
    for (auto& bit : made.bits)
        bit = drawn.take<15>();
    return made;
}

replay_filter::sender_marks replay_filter::marks_of_sender(
    crypto::hmac_sha256& hmac, std::string_view sender
) const
{
    auto const secret = memory_.subspan(offsets::secret, crypto::sha256_size);
    auto const digest = hmac.compute(secret, {of_senders, as_bytes(sender)});
    bit_source drawn{digest};
    sender_marks made{};
    for (auto& cell : made)
        cell = drawn.take<12>();
    return made;
}

bool replay_filter::knows(value_marks const& of) const noexcept
{
    return std::all_of(of.bits.begin(), of.bits.end(), [&](std::uint16_t bit) {
        auto const held = cell_at<word>(memory_, word_offset(of.block, bit));
        return (held.load(std::memory_order_relaxed) & mask_of(bit)) != 0;
    });
}

result<> replay_filter::check(value_marks const& value, sender_marks const& sender) const noexcept
{
    if (knows(value))
        return error::unproven_replayed;
    auto const left = free();
    if (left == 0)
        return error::limit_gateway_key;
    auto const own = claimed_by(sender);
    if (own >= unquestioned_share && own > share_of_free * left)
        return error::limit_gateway_key_share;
    return {};
}

result<> replay_filter::claim(value_marks const& value, sender_marks const& sender) noexcept
{
    std::scoped_lock const lock{writing_};
    unsigned set = 0;
    for (auto const bit : value.bits) {
        auto const mask = mask_of(bit);
        auto const held = cell_at<word>(memory_, word_offset(value.block, bit));
        set += (held.fetch_or(mask, std::memory_order_relaxed) & mask) == 0 ? 1U : 0U;
    }
    if (set == 0)
        return error::unproven_replayed;
    if (!write_claim(value, sender, set))
        return error::resource_state_file;
    return {};
}

bool replay_filter::write_claim(
    value_marks const& value, sender_marks const& sender, unsigned set
) noexcept
{
    bool written = file_.write(word_offset(value.block, 0), block_size);
    for (std::size_t row = 0; row < sender.size(); ++row) {
        auto const at = count_offset(row, sender[row]);
        cell_at<sender_count>(memory_, at).fetch_add(1, std::memory_order_relaxed);
        written = written && file_.write(at, sizeof(sender_count));
    }
    cell_at<std::uint64_t>(memory_, offsets::claimed).fetch_add(1, std::memory_order_relaxed);
    cell_at<std::uint64_t>(memory_, offsets::bits).fetch_add(set, std::memory_order_relaxed);
    return written && file_.write(offsets::claimed, offsets::end - offsets::claimed);
}

std::uint64_t replay_filter::claimed() const noexcept
{
    return cell_at<std::uint64_t>(memory_, offsets::claimed).load(std::memory_order_relaxed);
}

std::uint64_t replay_filter::free() const noexcept
{
    auto const used = claimed();
    return requests_ - std::min(used, requests_);
}

std::uint64_t replay_filter::claimed_by(sender_marks const& sender) const noexcept
{
    auto least = ~sender_count{0};
    for (std::size_t row = 0; row < sender.size(); ++row) {
        auto const cell = cell_at<sender_count>(memory_, count_offset(row, sender[row]));
        least = std::min(least, cell.load(std::memory_order_relaxed));
    }
    return least;
}

replay_filter::fill replay_filter::take_notice() noexcept
{
    auto const used = claimed();
    auto const now = used >= requests_                   ? fill::full
                     : used >= requests_ - requests_ / 5 ? fill::nearly_full
                                                         : fill::some;
    auto seen = noticed_.load();
    while (seen < now)
        if (noticed_.compare_exchange_weak(seen, now))
            return now;
    return fill::some;
}

std::uint64_t replay_filter::left_at() const noexcept
{
    return cell_at<std::uint64_t>(memory_, offsets::left_at).load();
}

void replay_filter::set_left_at(std::uint64_t when) noexcept
{
    std::scoped_lock const lock{writing_};
    cell_at<std::uint64_t>(memory_, offsets::left_at).store(when);
    file_.write(offsets::left_at, sizeof when);
}

bool replay_filter::put_back(std::string const& path, std::string& why)
{
    std::scoped_lock const lock{writing_};
    return file_.put_back(path, why);
}

replay_filter::boot_id replay_filter::in_use_since(bytes memory) noexcept
{
    return wire::reader{memory.subspan(offsets::boot)}.array<sizeof(boot_id)>();
}

void replay_filter::set_in_use_since(boot_id const& boot) noexcept
{
    std::scoped_lock const lock{writing_};
    wire::writer{memory_.subspan(offsets::boot)}.put(boot);
    file_.write(offsets::claimed, offsets::end - offsets::claimed);
}

}  // namespace gatehouse::pssst
