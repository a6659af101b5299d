// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

/// Careful reading of an ELF file's bytes (System V gABI, chapter 4): nothing in them is believed.
namespace fulfilld::elf {

using Bytes = std::span<const std::byte>;

/// A part of the file, or nothing if it is not wholly inside.
inline std::optional<Bytes> part(Bytes file, std::uint64_t offset, std::uint64_t size) {
  if (offset > file.size() || size > file.size() - offset) return std::nullopt;
  return file.subspan(offset, size);
}

/// The `index`-th record of a table, copied out because the file guarantees no alignment.
template <typename Record>
std::optional<Record> record(Bytes file, std::uint64_t table, std::uint64_t index) {
  if (table > file.size()) return std::nullopt;
  const auto bytes = part(file.subspan(table), index * sizeof(Record), sizeof(Record));
  if (!bytes) return std::nullopt;
  Record copy;
  std::memcpy(&copy, bytes->data(), sizeof copy);
  return copy;
}

inline std::optional<Elf64_Shdr> section_of_type(Bytes file, const Elf64_Ehdr& header, Elf64_Word type) {
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    const auto section = record<Elf64_Shdr>(file, header.e_shoff, i);
    if (section && section->sh_type == type) return section;
  }
  return std::nullopt;
}

}  // namespace fulfilld::elf
