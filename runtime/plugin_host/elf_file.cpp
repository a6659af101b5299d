// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/elf_file.hpp"

#include <elf.h>

#include <cstdint>
#include <cstring>

#include "runtime/plugin_host/elf_bytes.hpp"

namespace fulfilld {
namespace {

using elf::Bytes;
using elf::part;
using elf::record;
using elf::section_of_type;

#if defined(__x86_64__)
constexpr Elf64_Half kThisMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kThisMachine = EM_AARCH64;
#else
#error "add the ELF machine number of this architecture"
#endif

std::string problem_of(Bytes file, const Elf64_Ehdr& header) {
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != kThisMachine)
    return "is built for another kind of machine";
  if (header.e_type != ET_DYN) return "is not a shared library";
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = record<Elf64_Phdr>(file, header.e_phoff, i);
    if (!segment || !part(file, segment->p_offset, segment->p_filesz)) return "is truncated";
  }
  if (!part(file, header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr))) return "is truncated";
  return {};
}

bool names(Bytes file, const Elf64_Shdr& strings, std::uint64_t offset, std::string_view wanted) {
  const auto table = part(file, strings.sh_offset, strings.sh_size);
  if (!table || offset >= table->size() || table->size() - offset <= wanted.size()) return false;
  const char* name = reinterpret_cast<const char*>(table->data()) + offset;
  return std::string_view(name, wanted.size()) == wanted && name[wanted.size()] == '\0';
}

/// The file's bytes behind a range of addresses.
Bytes at_address(Bytes file, const Elf64_Ehdr& header, std::uint64_t address, std::uint64_t size) {
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = record<Elf64_Phdr>(file, header.e_phoff, i);
    if (!segment || segment->p_type != PT_LOAD || address < segment->p_vaddr) continue;
    const std::uint64_t inside = address - segment->p_vaddr;
    if (inside > segment->p_filesz || size > segment->p_filesz - inside) continue;
    return part(file, segment->p_offset + inside, size).value_or(Bytes{});
  }
  return {};
}

}  // namespace

ElfSymbol find_exported(Bytes file, std::string_view wanted) {
  if (file.size() < SELFMAG || std::memcmp(file.data(), ELFMAG, SELFMAG) != 0)
    return {.problem = "is not a shared library (not an ELF file)", .bytes = {}};
  const auto header = record<Elf64_Ehdr>(file, 0, 0);
  if (!header) return {.problem = "is truncated", .bytes = {}};
  if (auto problem = problem_of(file, *header); !problem.empty()) return {.problem = std::move(problem), .bytes = {}};

  const auto symbols = section_of_type(file, *header, SHT_DYNSYM);
  if (!symbols) return {};
  const auto strings = record<Elf64_Shdr>(file, header->e_shoff, symbols->sh_link);
  if (!strings) return {.problem = "is damaged (its symbol table has no names)", .bytes = {}};
  for (std::uint64_t i = 0; i < symbols->sh_size / sizeof(Elf64_Sym); ++i) {
    const auto symbol = record<Elf64_Sym>(file, symbols->sh_offset, i);
    if (!symbol) return {.problem = "is truncated", .bytes = {}};
    if (symbol->st_shndx != SHN_UNDEF && names(file, *strings, symbol->st_name, wanted))
      return {.problem = {}, .bytes = at_address(file, *header, symbol->st_value, symbol->st_size)};
  }
  return {};
}

}  // namespace fulfilld
