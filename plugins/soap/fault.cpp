// SPDX-License-Identifier: Apache-2.0
#include "fault.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "soap_version.hpp"
#include "xml_document.hpp"
#include "xml_text.hpp"

namespace soap {
namespace {

using Poco::XML::Element;
using Poco::XML::Node;

constexpr std::size_t kLongestMessage = 500;

/// The parts of a fault are found by their names alone: those of 1.1 have no namespace, but some services put them into
/// SOAP's, or send those of one version in the envelope of the other.
const Element* part(const Element& of, std::string_view name) {
  for (const Node* node = of.firstChild(); node != nullptr; node = node->nextSibling())
    if (node->nodeType() == Node::ELEMENT_NODE && same_word(node->localName(), name))
      return static_cast<const Element*>(node);
  return nullptr;
}
const Element* part(const Element& of, std::string_view name_1_1, std::string_view name_1_2) {
  const Element* found = part(of, name_1_1);
  return found != nullptr ? found : part(of, name_1_2);
}

std::string text_of(const Element* element) {
  return element == nullptr ? std::string() : std::string(trimmed(string_value(*element)));
}

/// `soap:Server` without its prefix, which means nothing outside of its document.
std::string local_part(const std::string& name) {
  const auto colon = name.find_last_of(":}");  // or `{http://schemas.xmlsoap.org/soap/envelope/}Server`
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

/// All texts below a node, with a blank between those of different elements.
void append_words(std::string& words, const Node& of) {
  for (const Node* node = of.firstChild(); node != nullptr && words.size() <= kLongestMessage;
       node = node->nextSibling()) {
    if (node->nodeType() == Node::ELEMENT_NODE) {
      append_words(words, *node);
    } else if (is_text(*node)) {
      const std::string_view text = trimmed(node->nodeValue());
      if (!text.empty()) words.append(words.empty() ? "" : " ").append(text);
    }
  }
}

/// From the innermost subcode outwards; in 1.1 there is one code, which is a text, and what is left of a dot in it is
/// the more general code (SOAP 1.1, 4.4.1).
std::vector<std::string> codes_of(const Element* code) {
  std::vector<std::string> codes;
  const auto add = [&codes](const Element* value) {
    if (auto name = local_part(text_of(value)); !name.empty()) codes.insert(codes.begin(), std::move(name));
  };
  if (code != nullptr && part(*code, "Value") == nullptr && part(*code, "Subcode") == nullptr) {
    add(code);
    if (codes.empty()) return codes;
    const std::string whole = codes.front();
    for (auto dot = whole.rfind('.'); dot != std::string::npos && dot > 0; dot = whole.rfind('.', dot - 1))
      codes.push_back(whole.substr(0, dot));
  }
  for (; code != nullptr; code = part(*code, "Subcode")) add(part(*code, "Value"));
  return codes;
}

/// In 1.2 there is one in each of several languages: the first that says something. In 1.1 it is a text.
std::string reason_of(const Element* reason) {
  if (reason == nullptr || part(*reason, "Text") == nullptr) return text_of(reason);
  for (const Node* node = reason->firstChild(); node != nullptr; node = node->nextSibling())
    if (node->nodeType() == Node::ELEMENT_NODE && same_word(node->localName(), "Text"))
      if (std::string text = text_of(static_cast<const Element*>(node)); !text.empty()) return text;
  return {};
}

std::vector<std::string> names_in(const Element& detail) {
  std::vector<std::string> names;
  for (const Node* node = detail.firstChild(); node != nullptr; node = node->nextSibling())
    if (node->nodeType() == Node::ELEMENT_NODE) names.push_back(node->localName());
  return names;
}

Fault fault_of(const Element& fault) {
  std::vector<std::string> codes = codes_of(part(fault, "faultcode", "Code"));
  std::string text = reason_of(part(fault, "faultstring", "Reason"));
  if (const Element* detail = part(fault, "detail")) {
    if (const auto entries = names_in(*detail); !entries.empty()) {
      codes.insert(codes.begin(), entries.begin(), entries.end());
      if (text.empty()) append_words(text, *detail);
    } else if (std::string words = text_of(detail); !words.empty() && words != text) {
      text += (text.empty() ? "" : ": ") + words;
    }
  }
  if (text.empty() && codes.empty()) append_words(text, fault);
  return Fault(std::move(codes), std::move(text));
}

bool is_word(std::string_view word) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  };
  return !word.empty() && word.size() <= 64 && std::all_of(word.begin(), word.end(), allowed);
}

}  // namespace

std::optional<Fault> fault_in(const Element& body) {
  for (const Node* node = body.firstChild(); node != nullptr; node = node->nextSibling()) {
    if (node->nodeType() != Node::ELEMENT_NODE || node->localName() != "Fault") continue;
    const auto& element = static_cast<const Element&>(*node);
    const bool of_soap = element.namespaceURI() == kEnvelope_1_1 || element.namespaceURI() == kEnvelope_1_2;
    // One that lost its namespace is known by parts that nothing else has.
    if (of_soap || part(element, "faultcode", "faultstring") != nullptr) return fault_of(element);
  }
  return std::nullopt;
}

FaultWords::FaultWords(const fulfill::Settings& settings) { read(settings, ""); }

void FaultWords::read(const fulfill::Settings& settings, const std::string& below) {
  const std::string table = below.empty() ? "faults" : "faults." + below;
  for (const auto& name : settings.names(table)) {
    const std::string code = below.empty() ? name : below + "." + name;  // codes of 1.1 may hold dots: Server.Timeout
    const std::string setting = "faults." + code;
    read(settings, code);
    const std::string word = settings.text(setting, "");
    if (word.empty() && !settings.names(setting).empty()) continue;
    if (!is_word(word))
      throw fulfill::SettingError("setting \"" + setting + "\" must be a word of at most 64 of a-z, 0-9, _, ., -");
    words_.emplace(code, word);
  }
}

FaultFailure FaultWords::failure(const Fault& fault) const {
  std::string message = fault.text();
  if (message.empty()) message = fault.codes().empty() ? "the backend answered a fault" : fault.codes().front();
  message.resize(beginning(message, kLongestMessage).size());
  std::string codes;
  const std::string* found = nullptr;
  for (const auto& code : fault.codes()) {
    codes += (codes.empty() ? "" : ", ") + code;
    const auto word = words_.find(code);
    if (found == nullptr && word != words_.end()) found = &word->second;
  }
  codes.resize(beginning(codes, kLongestMessage).size());
  std::string for_log = "a fault (" + codes + "): " + message;
  return {found == nullptr ? "soap_fault" : *found, std::move(message), std::move(for_log)};
}

}  // namespace soap
