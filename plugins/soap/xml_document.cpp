// SPDX-License-Identifier: Apache-2.0
#include "xml_document.hpp"

#include <Poco/DOM/DOMBuilder.h>
#include <Poco/Exception.h>
#include <Poco/SAX/SAXParser.h>
#include <Poco/SAX/XMLReader.h>
#include <Poco/XML/NamePool.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "xml_scanner.hpp"
#include "xml_text.hpp"

namespace soap {
namespace {

using Poco::XML::Element;
using Poco::XML::Node;

constexpr std::ptrdiff_t kDeepest = 100;
constexpr unsigned long kNames = 1000;          // of which the parser keeps a table, searched from end to end at worst
constexpr std::size_t kLongestUri = 500;        // each element of the namespace gets a copy
constexpr std::size_t kLongestTag = 64 * 1024;  // expat 2.5 reads it anew with every 4 KiB: quadratic time
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// For a message, from bytes of whatever encoding.
std::string printable(std::string_view bytes) {
  std::string text(bytes.substr(0, 40));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

/// Those in which the bytes of ASCII mean ASCII, so that the scanner saw what the parser will see.
void require_known_encoding(std::string_view name) {
  constexpr std::array<std::string_view, 6> kKnown = {"UTF-8",      "US-ASCII",    "ASCII",
                                                      "ISO-8859-1", "ISO-8859-15", "windows-1252"};
  for (const auto known : kKnown)
    if (same_word(known, name)) return;
  throw XmlError("the encoding " + printable(name) + " is not supported");
}

/// The encoding that the XML declaration names; empty if none.
std::string_view declared_encoding(std::string_view bytes) {
  if (!bytes.starts_with("<?xml")) return {};
  const std::string_view declaration = bytes.substr(0, bytes.find("?>"));
  auto at = declaration.find("encoding");
  if (at == std::string_view::npos) return {};
  at = declaration.find_first_of("\"'", at);
  if (at == std::string_view::npos) return {};
  const auto end = declaration.find(declaration[at], at + 1);
  return end == std::string_view::npos ? std::string_view() : declaration.substr(at + 1, end - at - 1);
}

void require_harmless(std::string_view bytes) {
  XmlScanner scanner;
  std::size_t tag = 0;
  std::size_t uri = 0;
  for (const char c : bytes) {
    scanner.read(c);
    const auto place = scanner.place();
    tag = place == XmlScanner::Place::text || place == XmlScanner::Place::cdata ? 0 : tag + 1;
    uri = scanner.in_namespace() ? uri + 1 : 0;  // with the quote
    if (c == '\0') throw XmlError("it holds a zero byte; UTF-16 and UTF-32 are not supported");
    if (scanner.declares()) throw XmlError("it has a DTD, which SOAP forbids");
    if (scanner.depth() > kDeepest)
      throw XmlError("it is nested deeper than " + std::to_string(kDeepest) + " elements");
    if (uri > kLongestUri + 1)
      throw XmlError("it has a namespace of more than " + std::to_string(kLongestUri) + " bytes");
    if (tag > kLongestTag) throw XmlError("it has a tag or a comment of more than 64 KiB");
  }
}

/// Builds nothing any more once there are too many names. An exception must not leave it: expat, through which it would
/// pass, would lose memory.
class Builder final : public Poco::XML::DOMBuilder {
 public:
  using DOMBuilder::DOMBuilder;

  [[nodiscard]] bool overflown() const noexcept { return overflown_; }

 protected:
  using Text = Poco::XML::XMLString;

  void startElement(const Text& uri, const Text& name, const Text& qname, const Poco::XML::Attributes& all) override {
    try {
      if (!overflown_) DOMBuilder::startElement(uri, name, qname, all);
    } catch (const Poco::PoolOverflowException&) {
      overflown_ = true;
    }
  }
  void endElement(const Text& uri, const Text& name, const Text& qname) override {
    if (!overflown_) DOMBuilder::endElement(uri, name, qname);
  }
  void characters(const Poco::XML::XMLChar text[], int start, int length) override {
    if (!overflown_) DOMBuilder::characters(text, start, length);
  }

 private:
  bool overflown_ = false;
};

void append_text(const Node& node, std::string& text) {
  for (const Node* below = node.firstChild(); below != nullptr; below = below->nextSibling()) {
    if (is_text(*below)) text += below->nodeValue();
    if (below->nodeType() == Node::ELEMENT_NODE) append_text(*below, text);
  }
}

}  // namespace

XmlDocument parse_xml(std::string_view bytes, std::string_view charset) {
  if (bytes.starts_with(kByteOrderMark)) {
    bytes.remove_prefix(kByteOrderMark.size());
    charset = "UTF-8";
  }
  if (same_word(charset, "utf8")) charset = "UTF-8";  // a common misspelling
  const std::string_view encoding = charset.empty() ? declared_encoding(bytes) : charset;
  if (!encoding.empty()) require_known_encoding(encoding);
  require_harmless(bytes);
  try {
    Poco::XML::SAXParser parser;
    parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, true);
    parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACE_PREFIXES, true);
    if (!charset.empty()) parser.setEncoding(std::string(charset));
    Poco::XML::AutoPtr<Poco::XML::NamePool> names(new Poco::XML::NamePool(kNames));
    Builder builder(parser, names.get());
    XmlDocument document = builder.parseMemoryNP(bytes.data(), bytes.size());
    if (builder.overflown()) throw XmlError("it has more than " + std::to_string(kNames) + " different names");
    return document;
  } catch (const Poco::Exception& exception) {
    throw XmlError(exception.message().empty() ? exception.name() : exception.message());
  }
}

const Element* first_element(const Node& parent) {
  const Node* node = parent.firstChild();
  while (node != nullptr && node->nodeType() != Node::ELEMENT_NODE) node = node->nextSibling();
  return static_cast<const Element*>(node);
}

const Element* child(const Node& parent, std::string_view uri, std::string_view local_name) {
  for (const Node* node = parent.firstChild(); node != nullptr; node = node->nextSibling())
    if (node->nodeType() == Node::ELEMENT_NODE && node->namespaceURI() == uri && node->localName() == local_name)
      return static_cast<const Element*>(node);
  return nullptr;
}

bool is_text(const Node& node) {
  return node.nodeType() == Node::TEXT_NODE || node.nodeType() == Node::CDATA_SECTION_NODE;
}

std::string string_value(const Node& node) {
  if (node.nodeType() == Node::ATTRIBUTE_NODE) return node.nodeValue();
  std::string text;
  if (is_text(node)) {
    for (const Node* part = &node; part != nullptr && is_text(*part); part = part->nextSibling())
      text += part->nodeValue();
  } else {
    append_text(node, text);
  }
  return text;
}

}  // namespace soap
