// SPDX-License-Identifier: Apache-2.0
#include "xml_document.hpp"

#include <Poco/DOM/DOMBuilder.h>
#include <Poco/Exception.h>
#include <Poco/SAX/SAXParser.h>
#include <Poco/SAX/XMLReader.h>
#include <Poco/XML/NamePool.h>

#include <cstddef>
#include <fulfill/charset.hpp>

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

/// What says how the bytes are to be read, if they do not begin with a byte order mark: the Content-Type, else what
/// they look like (XML 1.0, appendix F), else the declaration.
std::string_view encoding_of(std::string_view bytes, std::string_view charset) {
  using namespace std::string_view_literals;
  // As a mark outranks the Content-Type (RFC 7303, 3), it is not taken for characters of some other encoding.
  if (bytes.starts_with("\xFE\xFF"sv) || bytes.starts_with("\xFF\xFE"sv)) return "utf-16";
  if (!charset.empty()) return charset;
  if (bytes.starts_with("<\0"sv) || bytes.starts_with("\0<"sv)) return "utf-16";
  return declared_encoding(bytes);
}

fulfill::DecodedText decoded(std::string_view bytes, std::string_view charset) {
  try {
    return {bytes, encoding_of(bytes, charset)};
  } catch (const fulfill::CharsetError& error) {
    throw XmlError(std::string("it ") + error.what());
  }
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
    if (c == '\0') throw XmlError("it holds a zero byte");
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
  const fulfill::DecodedText text = decoded(bytes, charset);
  require_harmless(text.view());
  try {
    Poco::XML::SAXParser parser;
    parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, true);
    parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACE_PREFIXES, true);
    parser.setEncoding("UTF-8");  // whatever the declaration says
    Poco::XML::AutoPtr<Poco::XML::NamePool> names(new Poco::XML::NamePool(kNames));
    Builder builder(parser, names.get());
    XmlDocument document = builder.parseMemoryNP(text.view().data(), text.view().size());
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

bool holds_attachment(const Node& node) {
  constexpr std::string_view kXop = "http://www.w3.org/2004/08/xop/include";
  for (const Node* below = node.firstChild(); below != nullptr; below = below->nextSibling())
    if (below->nodeType() == Node::ELEMENT_NODE &&
        ((below->localName() == "Include" && below->namespaceURI() == kXop) || holds_attachment(*below)))
      return true;
  return false;
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
