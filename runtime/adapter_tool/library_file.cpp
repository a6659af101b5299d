// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/library_file.hpp"

#include <elf.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "runtime/plugin_host/elf_bytes.hpp"

namespace fulfilld {
namespace {

using elf::Bytes;
using elf::part;
using elf::record;

std::string machine_name(Elf64_Half machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_AARCH64:
      return "aarch64";
    case EM_386:
      return "x86";
    case EM_ARM:
      return "arm";
    case EM_RISCV:
      return "riscv";
    case EM_PPC64:
      return "ppc64";
    case EM_S390:
      return "s390";
    default:
      return "ELF machine " + std::to_string(machine);
  }
}

/// A section with the strings that it refers to.
struct Table {
  Elf64_Shdr section;
  Bytes strings;
};

std::optional<Table> table_of_type(Bytes file, const Elf64_Ehdr& header, Elf64_Word type) {
  const auto section = elf::section_of_type(file, header, type);
  if (!section) return std::nullopt;
  const auto strings = record<Elf64_Shdr>(file, header.e_shoff, section->sh_link);
  if (!strings) return std::nullopt;
  return Table{*section, part(file, strings->sh_offset, strings->sh_size).value_or(Bytes{})};
}

std::string text_at(Bytes strings, std::uint64_t offset) {
  if (offset >= strings.size()) return {};
  const char* text = reinterpret_cast<const char*>(strings.data()) + offset;
  return std::string(text, ::strnlen(text, strings.size() - offset));
}

/// What linkers add to every library.
bool is_the_linkers(std::string_view symbol) {
  return symbol == "_init" || symbol == "_fini" || symbol == "_edata" || symbol == "_end" || symbol == "__bss_start";
}

void read_symbols(Bytes file, const Elf64_Ehdr& header, LibraryFile& library) {
  const auto table = table_of_type(file, header, SHT_DYNSYM);
  if (!table) return;
  for (std::uint64_t i = 1; i < table->section.sh_size / sizeof(Elf64_Sym); ++i) {
    const auto symbol = record<Elf64_Sym>(file, table->section.sh_offset, i);
    if (!symbol) return;
    const auto binding = ELF64_ST_BIND(symbol->st_info);
    const auto visibility = ELF64_ST_VISIBILITY(symbol->st_other);
    std::string name = text_at(table->strings, symbol->st_name);
    if (name.empty() || binding == STB_LOCAL) continue;
    if (symbol->st_shndx == SHN_UNDEF) {
      if (binding == STB_GLOBAL) library.undefined.insert(std::move(name));
      continue;
    }
    const bool is_version = symbol->st_shndx == SHN_ABS;
    if (is_version || (visibility != STV_DEFAULT && visibility != STV_PROTECTED) || is_the_linkers(name)) continue;
    if (binding == STB_GNU_UNIQUE) library.unique.insert(name);
    library.exported.insert(std::move(name));
  }
}

void add_search_path(const std::string& text, LibraryFile& library) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(':', begin), text.size());
    if (end > begin) library.search_path.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

void read_needs(Bytes file, const Elf64_Ehdr& header, LibraryFile& library) {
  const auto table = table_of_type(file, header, SHT_DYNAMIC);
  if (!table) return;
  for (std::uint64_t i = 0; i < table->section.sh_size / sizeof(Elf64_Dyn); ++i) {
    const auto entry = record<Elf64_Dyn>(file, table->section.sh_offset, i);
    if (!entry || entry->d_tag == DT_NULL) return;
    if (entry->d_tag == DT_NEEDED) library.libraries.push_back(text_at(table->strings, entry->d_un.d_val));
    if (entry->d_tag == DT_RUNPATH || entry->d_tag == DT_RPATH)
      add_search_path(text_at(table->strings, entry->d_un.d_val), library);
  }
}

void read_needed_versions(Bytes file, const Elf64_Ehdr& header, LibraryFile& library) {
  const auto table = table_of_type(file, header, SHT_GNU_verneed);
  if (!table) return;
  std::uint64_t at = table->section.sh_offset;
  for (Elf64_Word i = 0; i < table->section.sh_info; ++i) {
    const auto need = record<Elf64_Verneed>(file, at, 0);
    if (!need) return;
    auto& versions = library.needed_versions[text_at(table->strings, need->vn_file)];
    std::uint64_t version_at = at + need->vn_aux;
    for (Elf64_Half k = 0; k < need->vn_cnt; ++k) {
      const auto version = record<Elf64_Vernaux>(file, version_at, 0);
      if (!version) return;
      if ((version->vna_flags & VER_FLG_WEAK) == 0) versions.insert(text_at(table->strings, version->vna_name));
      version_at += version->vna_next;
    }
    at += need->vn_next;
  }
}

void read_versions(Bytes file, const Elf64_Ehdr& header, LibraryFile& library) {
  const auto table = table_of_type(file, header, SHT_GNU_verdef);
  if (!table) return;
  std::uint64_t at = table->section.sh_offset;
  for (Elf64_Word i = 0; i < table->section.sh_info; ++i) {
    const auto version = record<Elf64_Verdef>(file, at, 0);
    if (!version) return;
    if (const auto name = record<Elf64_Verdaux>(file, at + version->vd_aux, 0))
      library.versions.insert(text_at(table->strings, name->vda_name));
    at += version->vd_next;
  }
}

}  // namespace

LibraryFile read_library(std::span<const std::byte> file) {
  LibraryFile library;
  const auto header = record<Elf64_Ehdr>(file, 0, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_DATA] != ELFDATA2LSB)
    return library;
  library.machine = machine_name(header->e_machine);
  if (header->e_ident[EI_CLASS] != ELFCLASS64) return library;
  read_symbols(file, *header, library);
  read_needs(file, *header, library);
  read_needed_versions(file, *header, library);
  read_versions(file, *header, library);
  return library;
}

}  // namespace fulfilld
