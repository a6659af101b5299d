// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/descriptor_check.hpp"

#include <fulfill/abi.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fulfilld {
namespace {

/// The oldest and the newest ABI that this host speaks.
constexpr std::uint32_t kOldestAbi = 1;
constexpr std::uint32_t kNewestAbi = FULFILL_ABI_VERSION;
/// What version 1 demands of a descriptor. Not sizeof: that of the host grows, a plugin that was built before stays.
constexpr std::size_t kLeastDescriptor = offsetof(fulfill_descriptor_v1, cancel) + sizeof(void*);

template <std::size_t Room>
std::string text_of(const char (&room)[Room]) {
  return std::string(room, ::strnlen(room, Room));
}

template <std::size_t Room>
bool terminated(const char (&room)[Room]) {
  return ::strnlen(room, Room) < Room;
}

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::string problem_of(const fulfill_descriptor_v1& descriptor, std::size_t present) {
  const auto abi = std::to_string(descriptor.abi_version);
  if (present < offsetof(fulfill_descriptor_v1, host_size) || descriptor.magic != FULFILL_MAGIC)
    return "exports a fulfill_adapter_v1 that is no adapter descriptor (wrong magic)";
  if (descriptor.abi_version < kOldestAbi)
    return "was built for adapter ABI " + abi + ", which is too old; this host needs at least " +
           std::to_string(kOldestAbi);
  if (descriptor.abi_version > kNewestAbi)
    return "was built for adapter ABI " + abi + ", which is too new; this host speaks " + std::to_string(kNewestAbi);
  if (present < kLeastDescriptor || descriptor.size < kLeastDescriptor)
    return "has a descriptor that is shorter than ABI " + abi + " demands";
  if (descriptor.host_size > sizeof(fulfill_host_v1))
    return "needs functions that a newer fulfilld has (SDK " + text_of(descriptor.sdk_version) + ")";
  if (!terminated(descriptor.name) || !terminated(descriptor.version) || !terminated(descriptor.sdk_version) ||
      !terminated(descriptor.compiler) || !is_name(text_of(descriptor.name)))
    return "has no usable name in its descriptor (it must consist of a-z, 0-9, _ and -)";
  return {};
}

}  // namespace

CheckedDescriptor check_descriptor(std::span<const std::byte> bytes) {
  fulfill_descriptor_v1 descriptor{};
  const std::size_t present = std::min(bytes.size(), sizeof descriptor);
  if (present != 0) std::memcpy(&descriptor, bytes.data(), present);
  return {.problem = problem_of(descriptor, present),
          .name = text_of(descriptor.name),
          .version = text_of(descriptor.version),
          .sdk_version = text_of(descriptor.sdk_version),
          .compiler = text_of(descriptor.compiler)};
}

}  // namespace fulfilld
