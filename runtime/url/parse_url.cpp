// SPDX-License-Identifier: Apache-2.0
#include "runtime/url/parse_url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace fulfilld {
namespace {

constexpr std::size_t longest_url = 4096;

struct FreeHandle {
  void operator()(CURLU* handle) const noexcept { curl_url_cleanup(handle); }
};
struct FreeText {
  void operator()(char* text) const noexcept { curl_free(text); }
};
using Handle = std::unique_ptr<CURLU, FreeHandle>;
using Text = std::unique_ptr<char, FreeText>;

Text part(CURLU* handle, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle, what, &text, flags) != CURLUE_OK) return nullptr;
  return Text(text);
}

bool is_visible_ascii(char c) noexcept { return c > 0x20 && c < 0x7f; }

// What RFC 3986 forbids everywhere, and what parsers are known to disagree about.
bool is_risky(char c) noexcept {
  switch (c) {
    case '\\':
    case '"':
    case '<':
    case '>':
    case '^':
    case '`':
      return true;
    default:
      return !is_visible_ascii(c);
  }
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool is_name_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_ipv6_character(char c) noexcept {
  return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

ParsedUrl refuse(std::string problem) { return {std::nullopt, std::move(problem)}; }

}  // namespace

ParsedUrl parse_url(std::string_view text) {
  if (text.empty()) return refuse("the URL is empty");
  if (text.size() > longest_url) return refuse("the URL is longer than 4096 bytes");
  if (std::any_of(text.begin(), text.end(), is_risky))
    return refuse("the URL has a character that must be percent-encoded");

  Url url;
  url.text = text;
  const Handle handle(curl_url());
  if (!handle) return refuse("out of memory");
  if (const auto result = curl_url_set(handle.get(), CURLUPART_URL, url.text.c_str(), 0); result != CURLUE_OK)
    return refuse(result == CURLUE_UNSUPPORTED_SCHEME ? std::string("the scheme is neither http nor https")
                                                      : "not a URL: " + std::string(curl_url_strerror(result)));

  const Text scheme = part(handle.get(), CURLUPART_SCHEME);
  if (!scheme) return refuse("the URL has no scheme");
  url.tls = std::string_view(scheme.get()) == "https";
  if (!url.tls && std::string_view(scheme.get()) != "http") return refuse("the scheme is neither http nor https");
  // curl takes one to three slashes; with any number but two, others see another host.
  const std::string_view after_scheme = text.substr(std::string_view(scheme.get()).size());
  if (!after_scheme.starts_with("://") || after_scheme.starts_with(":///"))
    return refuse("the scheme is not followed by exactly two slashes");
  if (part(handle.get(), CURLUPART_USER) || part(handle.get(), CURLUPART_PASSWORD))
    return refuse("the URL carries user information");
  if (part(handle.get(), CURLUPART_ZONEID)) return refuse("the address has a zone");

  const Text host = part(handle.get(), CURLUPART_HOST);
  if (!host || *host == '\0') return refuse("the URL has no host");
  std::string bracketed = host.get();
  std::transform(bracketed.begin(), bracketed.end(), bracketed.begin(), lower);
  const bool ipv6 = bracketed.front() == '[';
  url.host = ipv6 ? bracketed.substr(1, bracketed.size() - 2) : bracketed;
  if (!std::all_of(url.host.begin(), url.host.end(), ipv6 ? is_ipv6_character : is_name_character))
    return refuse("the host has a character that no host name has");
  if (url.host.size() > 255 || url.host.front() == '.') return refuse("the host is no host name");

  const Text port = part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  const std::string_view port_digits = port ? port.get() : "";
  std::from_chars(port_digits.data(), port_digits.data() + port_digits.size(), url.port);
  if (url.port == 0) return refuse("the port is not within 1 to 65535");

  const bool default_port = url.port == (url.tls ? 443 : 80);
  const std::string with_port = bracketed + ':' + std::string(port_digits);
  url.origin = (url.tls ? "https://" : "http://") + with_port;
  url.authority = default_port ? bracketed : with_port;
  const Text path = part(handle.get(), CURLUPART_PATH);
  url.target = path && *path == '/' ? path.get() : "/";
  if (const Text query = part(handle.get(), CURLUPART_QUERY)) url.target.append("?").append(query.get());
  return {std::move(url), {}};
}

}  // namespace fulfilld
