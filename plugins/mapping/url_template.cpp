// SPDX-License-Identifier: Apache-2.0
#include "url_template.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <fulfill/error.hpp>
#include <fulfill/request.hpp>
#include <string_view>
#include <system_error>

namespace mapping {
namespace {

constexpr std::size_t kLongestUrl = 4096;  // of the host

/// Refuses what the host would refuse with each call, and a fragment, which would never arrive.
void require_url_characters(const Section& section, const std::string& text) {
  constexpr std::string_view kRisky = "\\\"<>^`#";
  for (const char c : text)
    if (c <= 0x20 || c >= 0x7F || kRisky.find(c) != std::string_view::npos)
      section.refuse("url", "must not hold spaces, control characters, #, nor any of \\ \" < > ^ `");
}

std::string url_text(const Section& section) {
  std::string url = section.text("url");
  if (url.starts_with('/')) {
    std::string base = section.settings().url("base_url");
    if (base.find("{{") != std::string::npos || base.find_first_of("?#") != std::string::npos)
      throw wrong_setting("base_url", "must be a URL without places and without a query");
    if (base.ends_with('/')) base.pop_back();
    return base + url;
  }
  return section.settings().url(section.full("url"));
}

/// Scheme and authority, which no value may have a part in.
std::string origin_of(const Section& section, const std::string& url) {
  const auto authority = url.find("://") + 3;
  const auto end = std::min(url.find_first_of("/?", authority), url.size());
  if (url.find("{{") < end)
    section.refuse("url", "has a place before the path; the host that is called must stand in the settings");
  return url.substr(0, end);
}

std::string_view path_of(std::string_view rest) { return rest.substr(0, find_outside_places(rest, "?")); }

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

/// True for `/a/../b`, in whatever disguise a server may see through.
bool leads_elsewhere(std::string_view path) {
  const std::string decoded = percent_decoded(path);
  std::string_view rest = decoded;
  while (true) {
    const auto end = rest.find_first_of("/\\");
    auto segment = rest.substr(0, end);
    segment = segment.substr(0, segment.find(';'));  // `..;x`: some servers know parameters of a segment
    if (segment == "." || segment == "..") return true;
    if (end == std::string_view::npos) return false;
    rest.remove_prefix(end + 1);
  }
}

std::string encoded(const Place&, std::string value) { return fulfill::escape(value); }

std::string encoded_segment(const Place& place, std::string value) {
  if (value.empty()) throw place.reference().failure("must not be empty: it is part of the URL's path");
  if (leads_elsewhere(value)) throw place.reference().failure("must not hold a . or .. segment: it is part of the URL");
  return fulfill::escape(value);
}

}  // namespace

UrlTemplate::UrlTemplate(const Section& section, const Sources& sources) : path_("", "", sources) {
  const std::string url = url_text(section);
  origin_ = origin_of(section, url);
  const std::string setting = section.full("url");
  const std::string_view rest = std::string_view(url).substr(origin_.size());
  const std::string_view path = path_of(rest);
  path_ = TextTemplate(setting, path, sources);
  if (path.size() < rest.size()) query_.emplace(setting, rest.substr(path.size() + 1), sources);

  require_url_characters(section, origin_ + path_.sample() + (query_ ? query_->sample() : ""));
  if (leads_elsewhere(path_.sample())) section.refuse("url", "must not hold the segments . and ..");
  if (path_.has_optional_place() || (query_ && query_->has_optional_place()))
    section.refuse("url", "has an optional place; make it a parameter of its own, query.NAME");
  for (const auto& parameter : section.entries("query"))
    parameters_.emplace_back(parameter.name(), TextTemplate(parameter.setting(), parameter.text(), sources));
}

std::string UrlTemplate::render(const Values& values) const {
  const std::string path = path_.render(values, encoded_segment).value_or("");
  // Two values that are harmless alone may make `..` together.
  if (leads_elsewhere(path)) throw fulfill::Failed("bad_input", "the URL's path would hold the segment . or ..");
  std::string url = origin_ + path;
  char separator = '?';
  const auto add = [&](const std::string& text) {
    url += separator + text;
    separator = '&';
  };
  if (query_) add(query_->render(values, encoded).value_or(""));
  for (const auto& [name, parameter] : parameters_)
    for (const auto& value : parameter.render_each(values)) add(fulfill::escape(name) + "=" + fulfill::escape(value));
  if (url.size() > kLongestUrl) throw fulfill::Failed("bad_input", "the URL would be longer than 4096 bytes");
  return url;
}

std::string UrlTemplate::name(const Values& values) const {
  const auto masked = [](const Place& place, std::string value) {
    return place.reference().source() == Reference::Source::secret ? "***" : fulfill::escape(value);
  };
  return fulfill::detail::place_of(origin_ + path_.render(values, masked).value_or(""));
}

}  // namespace mapping
