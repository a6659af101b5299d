// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include <fulfill/abi.h>
#include <fulfill/detail/run.hpp>
#include <fulfill/error.hpp>
#include <fulfill/settings.hpp>

namespace fulfill::detail {

inline Settings copy(const fulfill_settings_v1& lent) {
  const auto text = [](fulfill_text t) { return t.size == 0 ? std::string() : std::string(t.data, t.size); };
  Settings::Values values;
  for (std::size_t i = 0; i < lent.setting_count; ++i)
    values.emplace(text(lent.settings[i].name), text(lent.settings[i].value));
  Settings::Names secrets;
  for (std::size_t i = 0; i < lent.secret_count; ++i) secrets.insert(text(lent.secrets[i]));
  return Settings(text(lent.action), std::move(values), std::move(secrets));
}

template <typename Type>
fulfill_adapter* create(const fulfill_settings_v1* settings, void* sink, void (*refuse)(void*, fulfill_text)) noexcept {
  const auto say = [&](std::string_view sentence) { refuse(sink, {sentence.data(), sentence.size()}); };
  try {
    auto instance = std::make_unique<Instance>(copy(*settings));
    instance->make<Type>();
    return reinterpret_cast<fulfill_adapter*>(instance.release());
  } catch (const std::exception& exception) {
    say(exception.what());
  } catch (...) {
    say("the adapter's constructor threw something that is not a std::exception");
  }
  return nullptr;
}

inline void destroy(fulfill_adapter* adapter) noexcept { delete reinterpret_cast<Instance*>(adapter); }

inline fulfill_run* start(fulfill_adapter* adapter, const fulfill_start_v1* start) noexcept {
  auto* run = new (std::nothrow) Run(*reinterpret_cast<const Instance*>(adapter), *start);
  if (run != nullptr) run->start();
  return reinterpret_cast<fulfill_run*>(run);
}

inline void http_done(fulfill_run* run, std::uint64_t operation, const fulfill_answer_v1* answer) noexcept {
  reinterpret_cast<Run*>(run)->done(operation, answer);
}

inline void done(fulfill_run* run, std::uint64_t operation) noexcept {
  reinterpret_cast<Run*>(run)->done(operation, nullptr);
}

inline void cancel(fulfill_run* run) noexcept { delete reinterpret_cast<Run*>(run); }

/// Copies a string literal into a descriptor's array; too long a literal does not compile.
template <std::size_t Room, std::size_t Size>
constexpr void put(char (&room)[Room], const char (&literal)[Size]) {
  static_assert(Size <= Room, "too long for the descriptor");
  for (std::size_t i = 0; i < Size; ++i) room[i] = literal[i];
}

/// A name that the host would refuse does not compile.
template <std::size_t Size>
consteval bool valid_name(const char (&name)[Size]) {
  for (std::size_t i = 0; i + 1 < Size; ++i) {
    const char c = name[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) return false;
  }
  return Size > 1;
}

#if defined(__clang__)
#define FULFILL_COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define FULFILL_COMPILER "gcc " __VERSION__
#else
#define FULFILL_COMPILER "unknown"
#endif

template <typename Type, std::size_t NameSize, std::size_t VersionSize>
consteval fulfill_descriptor_v1 describe(const char (&name)[NameSize], const char (&version)[VersionSize]) {
  fulfill_descriptor_v1 descriptor{};
  descriptor.magic = FULFILL_MAGIC;
  descriptor.abi_version = FULFILL_ABI_VERSION;
  descriptor.size = sizeof descriptor;
  descriptor.host_size = offsetof(fulfill_host_v1, blocking) + sizeof(void*);
  put(descriptor.name, name);
  put(descriptor.version, version);
  put(descriptor.sdk_version, FULFILL_SDK_VERSION);
  put(descriptor.compiler, FULFILL_COMPILER);
  descriptor.create = create<Type>;
  descriptor.destroy = destroy;
  descriptor.start = start;
  descriptor.http_done = http_done;
  descriptor.done = done;
  descriptor.cancel = cancel;
  return descriptor;
}

}  // namespace fulfill::detail

/// Makes a shared library of `Type`, a fulfill::Adapter, an adapter plugin. Once per library, outside any namespace.
/// `name`: a literal of [a-z0-9_-], what `adapter = "..."` in an action says; `version`: a literal, yours.
#define FULFILL_ADAPTER(Type, name, version)                                                          \
  static_assert(::fulfill::detail::valid_name(name), "an adapter's name consists of a-z, 0-9, _, -"); \
  extern "C" __attribute__((visibility("default"))) const fulfill_descriptor_v1 fulfill_adapter_v1;   \
  constinit const fulfill_descriptor_v1 fulfill_adapter_v1 = ::fulfill::detail::describe<Type>(name, version);
