// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/codec.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <stdexcept>

#include "runtime/config/quantity.hpp"
#include "runtime/config/toml_text.hpp"
#include "runtime/url/host_allow_list.hpp"
#include "runtime/url/parse_url.hpp"

namespace fulfilld {
namespace {

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_address(const std::string& text) noexcept {
  in6_addr room{};
  return text == "localhost" || inet_pton(AF_INET, text.c_str(), &room) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &room) == 1;
}

// A string for which `fits` holds.
template <class Fits>
std::function<std::optional<std::string>(const Node&)> text_where(Fits fits) {
  return [fits](const Node& node) -> std::optional<std::string> {
    if (node.text() == nullptr || std::any_of(node.text()->begin(), node.text()->end(), is_control) ||
        !fits(*node.text()))
      return std::nullopt;
    return *node.text();
  };
}

// An array of strings, each turned into a `T`.
template <class T>
std::optional<std::vector<T>> list(const Node& node) {
  if (node.array() == nullptr) return std::nullopt;
  std::vector<T> elements;
  for (const auto& element : *node.array()) {
    if (element.text() == nullptr || element.text()->empty()) return std::nullopt;
    elements.emplace_back(*element.text());
  }
  return elements;
}

std::string duration_range(std::chrono::milliseconds least, std::chrono::milliseconds most) {
  return "a duration from " + duration_text(least) + " to " + duration_text(most) +
         ", a whole number with ms, s, m, h or d";
}

std::optional<std::chrono::milliseconds> duration_between(std::chrono::milliseconds least,
                                                          std::chrono::milliseconds most, const Node& node) {
  const auto value = node.text() == nullptr ? std::nullopt : parse_duration(*node.text());
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

std::string size_range(std::size_t least, std::size_t most) {
  return "a size from " + size_text(least) + " to " + size_text(most) +
         ", a number of bytes or a whole number with B, KiB, MiB or GiB";
}

std::optional<std::size_t> size_between(std::size_t least, std::size_t most, const Node& node) {
  std::optional<std::uint64_t> value;
  if (node.text() != nullptr) value = parse_size(*node.text());
  if (const auto* bytes = std::get_if<std::int64_t>(&node.value); bytes != nullptr && *bytes >= 0)
    value = static_cast<std::uint64_t>(*bytes);
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

std::string list_text(const std::vector<std::string>& elements) {
  std::string text = "[";
  for (const auto& element : elements) text += (text.size() == 1 ? "" : ", ") + toml_string(element);
  return text + ']';
}

}  // namespace

void report_mismatch(const Node& node, const std::string& key, const std::string& allowed, Reading& reading) {
  reading.report(node.place, key, "must be " + allowed + ", not " + describe(node));
}

Codec<bool> boolean() {
  return scalar<bool>(
      "true or false",
      [](const Node& node) {
        const auto* truth = std::get_if<bool>(&node.value);
        return truth == nullptr ? std::nullopt : std::optional<bool>(*truth);
      },
      [](const bool& truth) { return truth ? "true" : "false"; });
}

Codec<std::chrono::milliseconds> duration(std::chrono::milliseconds least, std::chrono::milliseconds most) {
  return scalar<std::chrono::milliseconds>(
      duration_range(least, most), [least, most](const Node& node) { return duration_between(least, most, node); },
      [](const std::chrono::milliseconds& value) { return '"' + duration_text(value) + '"'; });
}

Codec<std::chrono::milliseconds> duration_or_none(std::chrono::milliseconds least, std::chrono::milliseconds most) {
  return scalar<std::chrono::milliseconds>(
      duration_range(least, most) + ", or \"none\"",
      [least, most](const Node& node) -> std::optional<std::chrono::milliseconds> {
        if (node.text() != nullptr && *node.text() == "none") return std::chrono::milliseconds{0};
        return duration_between(least, most, node);
      },
      [](const std::chrono::milliseconds& value) {
        return value.count() == 0 ? "\"none\"" : '"' + duration_text(value) + '"';
      });
}

Codec<std::optional<std::uint16_t>> port_or_none() {
  using Port = std::optional<std::uint16_t>;
  return scalar<Port>(
      "a port from 0 to 65535, or \"none\"",
      [](const Node& node) -> std::optional<Port> {
        if (node.text() != nullptr && *node.text() == "none") return Port{};
        const auto* number = std::get_if<std::int64_t>(&node.value);
        if (number == nullptr || *number < 0 || *number > 65535) return std::nullopt;
        return static_cast<std::uint16_t>(*number);
      },
      [](const Port& port) { return port ? std::to_string(*port) : "\"none\""; });
}

Codec<std::size_t> size(std::size_t least, std::size_t most) {
  return scalar<std::size_t>(
      size_range(least, most), [least, most](const Node& node) { return size_between(least, most, node); },
      [](const std::size_t& value) { return '"' + size_text(value) + '"'; });
}

Codec<std::size_t> size_or_none(std::size_t least, std::size_t most) {
  return scalar<std::size_t>(
      size_range(least, most) + ", or \"none\"",
      [least, most](const Node& node) -> std::optional<std::size_t> {
        if (node.text() != nullptr && *node.text() == "none") return 0;
        return size_between(least, most, node);
      },
      [](const std::size_t& value) { return value == 0 ? "\"none\"" : '"' + size_text(value) + '"'; });
}

Codec<Rate> rate() {
  return scalar<Rate>(
      "a rate such as \"300/min\", \"50/s\", \"1000/h\", or \"none\"",
      [](const Node& node) { return node.text() == nullptr ? std::nullopt : parse_rate(*node.text()); },
      [](const Rate& value) { return '"' + rate_text(value) + '"'; });
}

Codec<std::string> text() {
  return scalar<std::string>("a string without control characters", text_where([](const std::string&) { return true; }),
                             toml_string);
}

Codec<std::string> field_value() {
  const auto fits = [](const std::string& text) {
    return text.size() <= 256 && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
  };
  return scalar<std::string>("at most 256 printable characters of ASCII", text_where(fits), toml_string);
}

Codec<std::string> address() {
  return scalar<std::string>("an IPv4 or IPv6 address, or \"localhost\"", text_where(is_address), toml_string);
}

bool is_name(const std::string& text) noexcept {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), fits);
}

Codec<std::string> name(bool or_empty) {
  return scalar<std::string>(
      "a name of 1 to 64 letters, digits, '.', '_' or '-'",
      text_where([or_empty](const std::string& written) { return is_name(written) || (or_empty && written.empty()); }),
      toml_string);
}

Codec<std::filesystem::path> path() {
  return scalar<std::filesystem::path>(
      "a path",
      [](const Node& node) -> std::optional<std::filesystem::path> {
        if (node.text() == nullptr || node.text()->empty()) return std::nullopt;
        return *node.text();
      },
      [](const std::filesystem::path& value) { return toml_string(value.string()); });
}

Codec<std::vector<std::filesystem::path>> paths() {
  return scalar<std::vector<std::filesystem::path>>(
      "an array of paths", [](const Node& node) { return list<std::filesystem::path>(node); },
      [](const std::vector<std::filesystem::path>& value) {
        return list_text({value.begin(), value.end()});
      });
}

Codec<std::vector<std::string>> hosts() {
  auto codec = scalar<std::vector<std::string>>(
      "an array of host names", [](const Node& node) { return list<std::string>(node); }, list_text);
  codec.read = [read_list = codec.read](const Node& node, const std::string& key, Reading& reading) {
    auto entries = read_list(node, key, reading);
    if (!entries) return entries;
    for (const auto& element : *node.array()) {
      try {
        static_cast<void>(HostAllowList({*element.text()}));
      } catch (const std::invalid_argument& problem) {
        reading.report(element.place, key, problem.what());
        entries.reset();
      }
      if (!entries) break;
    }
    return entries;
  };
  return codec;
}

Codec<Url> url() {
  return {"an http or https URL",
          [](const Node& node, const std::string& key, Reading& reading) -> std::optional<Url> {
            if (node.text() == nullptr) {
              report_mismatch(node, key, "an http or https URL", reading);
              return std::nullopt;
            }
            auto parsed = parse_url(*node.text());
            if (!parsed.url) reading.report(node.place, key, "must be an http or https URL: " + parsed.problem);
            return std::move(parsed.url);
          },
          [](const Url& value) {
            return std::vector<PrintedValue>{{"", toml_string(value.text)}};
          }};
}

}  // namespace fulfilld
