// SPDX-License-Identifier: Apache-2.0
#include "xml_template.hpp"

#include <algorithm>
#include <cstddef>
#include <fulfill/error.hpp>
#include <utility>

#include "../mapping/value_type.hpp"
#include "xml_scanner.hpp"
#include "xml_text.hpp"

namespace soap {

using fulfill::Document;

namespace {

constexpr std::string_view kSecret = "secret:";
constexpr std::string_view kEach = "each ";
constexpr int kDeepestEach = 8;
constexpr std::size_t kLongest = 4 << 20;

}  // namespace

/// Reads the text of a template from left to right.
class XmlTemplate::Reader {
 public:
  Reader(std::string_view setting, std::string_view text) : setting_(setting), rest_(text) {}

  /// Up to the end of the text, or to the `{{end}}` of the `each` that it stands in.
  std::vector<Part> parts() {
    std::vector<Part> parts;
    for (;;) {
      const auto begin = rest_.find("{{");
      if (const auto literal = rest_.substr(0, begin); !literal.empty()) {
        for (const char c : literal) {
          scanner_.read(c);
          lowest_ = std::min(lowest_, scanner_.depth());
        }
        parts.emplace_back().text = literal;
      }
      if (begin == std::string_view::npos) {
        if (each_depth_ != 0) refuse("an {{each ...}} has no {{end}}");
        return parts;
      }
      rest_.remove_prefix(begin);
      const auto end = rest_.find("}}");
      if (end == std::string_view::npos) refuse("a {{ has no }}");
      whole_ = rest_.substr(0, end + 2);
      rest_.remove_prefix(end + 2);
      const auto inside = trimmed(whole_.substr(2, end - 2));
      if (inside == "end") {
        if (each_depth_ == 0) refuse("an {{end}} has no {{each ...}}");
        return parts;
      }
      parts.push_back(inside.starts_with(kEach) ? each(trimmed(inside.substr(kEach.size()))) : value(inside));
    }
  }

  std::set<std::string> take_secrets() { return std::move(secrets_); }

 private:
  Part each(std::string_view pointer) {
    Part part;
    part.kind = Kind::each;
    read_pointer(pointer, part);
    const std::string whole(whole_);
    const auto depth = scanner_.depth();
    const auto outer_lowest = std::exchange(lowest_, depth);
    const bool begins_in_text = scanner_.place() == XmlScanner::Place::text;
    if (++each_depth_ > kDeepestEach) refuse(whole + " is nested too deep");
    part.inside = parts();
    --each_depth_;
    const bool ends_in_text = scanner_.place() == XmlScanner::Place::text;
    if (!begins_in_text || !ends_in_text || scanner_.depth() != depth || lowest_ != depth)
      refuse(whole + " must hold whole elements, up to its {{end}}");
    lowest_ = outer_lowest;
    return part;
  }

  Part value(std::string_view inside) {
    const auto place = scanner_.place();
    if (place != XmlScanner::Place::text && place != XmlScanner::Place::quoted)
      refuse(std::string(whole_) + " may stand only in text or in the quoted value of an attribute");
    Part part;
    part.quoted = place == XmlScanner::Place::quoted;
    if (inside.starts_with(kSecret)) {
      part.kind = Kind::secret;
      part.text = inside.substr(kSecret.size());
      secrets_.insert(part.text);
      return part;
    }
    const auto bar = inside.find('|');
    part.kind = Kind::value;
    read_pointer(trimmed(inside.substr(0, bar)), part);
    if (bar != std::string_view::npos) part.otherwise = trimmed(inside.substr(bar + 1));
    return part;
  }

  void read_pointer(std::string_view text, Part& part) {
    part.text = text;
    part.relative = text.starts_with('.');
    if (part.relative) text.remove_prefix(1);
    if (part.relative && each_depth_ == 0)
      refuse(std::string(whole_) + " may stand only between {{each ...}} and {{end}}");
    if (!part.relative && text.empty()) text = "nothing";
    auto pointer = mapping::Pointer::parse(text);
    if (!pointer) refuse(std::string(whole_) + " must hold a JSON Pointer such as /customer/id, or secret:NAME");
    part.pointer = std::move(*pointer);
  }

  [[noreturn]] void refuse(const std::string& why) const {
    throw fulfill::SettingError("setting \"" + std::string(setting_) + "\": " + why);
  }

  std::string_view setting_;
  std::string_view rest_;
  std::string_view whole_;  // the latest {{...}}
  XmlScanner scanner_;
  std::ptrdiff_t lowest_ = 0;  // depth since the latest {{each ...}}
  int each_depth_ = 0;
  std::set<std::string> secrets_;
};

/// Renders into one text.
class XmlTemplate::Writer {
 public:
  Writer(const Document& input, const Secret& secret) : input_(input), secret_(secret) {}

  /// `path`: where `item` stands in the input, for messages.
  void write(const std::vector<Part>& parts, const Document& item, const std::string& path) {
    for (const auto& part : parts) {
      switch (part.kind) {
        case Kind::literal:
          xml_ += part.text;
          break;
        case Kind::value:
          xml_ += escape_xml(value(part, item, path), part.quoted);
          break;
        case Kind::secret:
          write_secret(part);
          break;
        case Kind::each:
          write_each(part, item, path);
      }
      if (xml_.size() > kLongest) throw fulfill::Failed("bad_input", "the request gets longer than 4 MiB");
    }
  }

  std::string take() { return std::move(xml_); }

 private:
  void write_each(const Part& part, const Document& item, const std::string& path) {
    const Document* found = part.pointer.find(part.relative ? item : input_);
    if (found == nullptr || found->is_null()) return;
    const std::string its_path = path_of(part, path);
    if (!found->is_array()) return write(part.inside, *found, its_path);
    std::size_t index = 0;
    for (const auto& element : found->elements()) write(part.inside, element, its_path + "/" + std::to_string(index++));
  }

  void write_secret(const Part& part) {
    const std::string_view secret = secret_(part.text);
    if (!is_xml_text(secret)) throw fulfill::Failed("bad_secret", "XML cannot carry the secret " + part.text);
    xml_ += escape_xml(secret, part.quoted);
  }

  [[nodiscard]] std::string value(const Part& part, const Document& item, const std::string& path) const {
    const auto refuse = [&](const char* problem) {
      throw fulfill::Failed("bad_input", "the input's " + path_of(part, path) + " " + problem);
    };
    const Document* found = part.pointer.find(part.relative ? item : input_);
    if (found == nullptr || found->is_null()) {
      if (part.otherwise) return *part.otherwise;
      refuse("is missing");
    }
    auto text = mapping::text_of(*found);
    if (!text) refuse("must be a text, a number or a boolean");
    if (!is_xml_text(*text)) refuse("holds a character that XML cannot carry");
    return std::move(*text);
  }

  static std::string path_of(const Part& part, const std::string& path) {
    return part.relative ? path + part.text.substr(1) : part.text;
  }

  const Document& input_;
  const Secret& secret_;
  std::string xml_;
};

XmlTemplate::XmlTemplate(std::string_view setting, std::string_view text) {
  Reader reader(setting, text);
  parts_ = reader.parts();
  secrets_ = reader.take_secrets();
}

std::string XmlTemplate::render(const Document& input, const Secret& secret) const {
  Writer writer(input, secret);
  writer.write(parts_, input, {});
  return writer.take();
}

std::string XmlTemplate::sample() const {
  std::string xml;
  append_sample(parts_, xml);
  return xml;
}

void XmlTemplate::append_sample(const std::vector<Part>& parts, std::string& xml) {
  for (const auto& part : parts) {
    if (part.kind == Kind::literal) {
      xml += part.text;
    } else if (part.kind == Kind::each) {
      append_sample(part.inside, xml);
    } else {
      xml += "x";
    }
  }
}

}  // namespace soap
