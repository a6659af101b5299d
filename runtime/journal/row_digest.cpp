// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/row_digest.hpp"

#include "runtime/journal/sip_hash.hpp"

namespace fulfilld::journal {
namespace {

enum class DigestKind : std::uint64_t { accept = 1, outcome = 2, ending = 3, partition = 4, note = 5, alias = 6 };

/// Each field is hashed under what came before it, so that no two rows read the same.
class RowDigest {
 public:
  RowDigest(DigestKind kind, std::uint64_t seq) noexcept : key_{seq, static_cast<std::uint64_t>(kind)} {}

  RowDigest& add(std::string_view field) noexcept {
    key_.first = sip_hash(key_, field);
    return *this;
  }

  template <std::size_t N>
  RowDigest& add(const std::array<std::int64_t, N>& fields) noexcept {
    return add({reinterpret_cast<const char*>(fields.data()), sizeof(fields)});
  }

  [[nodiscard]] std::int64_t value() const noexcept { return static_cast<std::int64_t>(key_.first); }

 private:
  SipKey key_;
};

}  // namespace

std::int64_t accept_digest(std::uint64_t seq, std::string_view id, std::string_view url, std::string_view token,
                           std::string_view action, std::string_view correlation_id, std::int64_t accepted_at,
                           std::string_view body) noexcept {
  return RowDigest(DigestKind::accept, seq)
      .add(id)
      .add(url)
      .add(token)
      .add(action)
      .add(correlation_id)
      .add(std::array{accepted_at})
      .add(body)
      .value();
}

std::int64_t outcome_digest(std::uint64_t seq, std::int64_t reason, std::int64_t decided_at,
                            std::string_view body) noexcept {
  return RowDigest(DigestKind::outcome, seq).add(std::array{reason, decided_at}).add(body).value();
}

std::int64_t ending_digest(std::uint64_t seq, std::int64_t reason, std::int64_t attempts,
                           std::int64_t ended_at) noexcept {
  return RowDigest(DigestKind::ending, seq).add(std::array{reason, attempts, ended_at}).value();
}

std::int64_t note_digest(std::uint64_t entry, std::uint64_t seq, std::int64_t kind, std::int64_t reason,
                         std::int64_t noted_at) noexcept {
  return RowDigest(DigestKind::note, entry)
      .add(std::array{static_cast<std::int64_t>(seq), kind, reason, noted_at})
      .value();
}

std::int64_t alias_digest(std::uint64_t seq, std::string_view key) noexcept {
  return RowDigest(DigestKind::alias, seq).add(key).value();
}

std::int64_t partition_digest(std::uint64_t number, const std::array<std::int64_t, 5>& fields,
                              std::string_view filter) noexcept {
  return RowDigest(DigestKind::partition, number).add(fields).add(filter).value();
}

}  // namespace fulfilld::journal
