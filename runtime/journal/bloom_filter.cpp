// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/bloom_filter.hpp"

#include <cstring>

namespace fulfilld::journal {
namespace {

constexpr std::size_t bits_per_entry = 12;
constexpr std::array<std::uint32_t, 8> salts{0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                             0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};

std::uint32_t bit_in_word(std::uint64_t fingerprint, std::size_t word) noexcept {
  return 1U << ((static_cast<std::uint32_t>(fingerprint) * salts[word]) >> 27U);
}

}  // namespace

BloomFilter::BloomFilter(std::size_t entries) : blocks_(entries * bits_per_entry / (8 * sizeof(Block)) + 1) {}

BloomFilter BloomFilter::from_bytes(std::string_view bytes) {
  BloomFilter filter;
  if (bytes.empty() || bytes.size() % sizeof(Block) != 0) return filter;
  filter.blocks_.resize(bytes.size() / sizeof(Block));
  std::memcpy(filter.blocks_.data(), bytes.data(), bytes.size());
  return filter;
}

std::string_view BloomFilter::bytes() const noexcept {
  return {reinterpret_cast<const char*>(blocks_.data()), blocks_.size() * sizeof(Block)};
}

void BloomFilter::insert(std::uint64_t fingerprint) noexcept {
  auto& words = blocks_[block_of(fingerprint)].words;
  for (std::size_t i = 0; i < words.size(); ++i) words[i] |= bit_in_word(fingerprint, i);
}

bool BloomFilter::may_contain(std::uint64_t fingerprint) const noexcept {
  if (blocks_.empty()) return true;
  const auto& words = blocks_[block_of(fingerprint)].words;
  for (std::size_t i = 0; i < words.size(); ++i)
    if ((words[i] & bit_in_word(fingerprint, i)) == 0) return false;
  return true;
}

}  // namespace fulfilld::journal
