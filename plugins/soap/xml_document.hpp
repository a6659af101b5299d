// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/DOM/AutoPtr.h>
#include <Poco/DOM/Document.h>
#include <Poco/DOM/Element.h>
#include <Poco/DOM/Node.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace soap {

/// Why something is not an XML document that we read, in one sentence without a full stop.
class XmlError : public std::exception {
 public:
  explicit XmlError(std::string sentence) : sentence_(std::move(sentence)) {}
  [[nodiscard]] const char* what() const noexcept override { return sentence_.c_str(); }

 private:
  std::string sentence_;
};

using XmlDocument = Poco::XML::AutoPtr<Poco::XML::Document>;

/// Parses a document with namespaces, or throws XmlError. No DTD, hence no entities of its own, no external ones and
/// no expansion: whoever declares something is refused before the parser sees it. At most 100 elements deep, 1000
/// different names, 500 bytes for a namespace and 64 KiB for a tag or comment: time and memory are linear in the size,
/// about 0.3 s and 40 MiB for a MiB at worst.
/// `charset`: that of the Content-Type, which outranks the document's own declaration; a byte order mark outranks both
/// (RFC 7303, 3). Encodings: those of `fulfill::DecodedText`, among others UTF-16, ISO-8859-x and windows-125x.
[[nodiscard]] XmlDocument parse_xml(std::string_view bytes, std::string_view charset = {});

/// The first child element of that name, or null.
[[nodiscard]] const Poco::XML::Element* child(const Poco::XML::Node& parent, std::string_view uri,
                                              std::string_view local_name);
/// The first child element, or null.
[[nodiscard]] const Poco::XML::Element* first_element(const Poco::XML::Node& parent);

/// True if there is an xop:Include in it: in its place stands what is sent as an attachment (XOP, 2.1).
[[nodiscard]] bool holds_attachment(const Poco::XML::Node& node);

/// True for text and for a CDATA section, which are the same to a reader.
[[nodiscard]] bool is_text(const Poco::XML::Node& node);

/// What XPath calls the string-value: all text below an element, the value of an attribute, or, from the first node of
/// a text on, that text with the CDATA sections in it.
[[nodiscard]] std::string string_value(const Poco::XML::Node& node);

}  // namespace soap
