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

constexpr std::size_t kLongestMessage = 500;

/// `soap:Server` without its prefix, which means nothing outside of its document.
std::string local_part(const Element* element) {
  if (element == nullptr) return {};
  const std::string text = string_value(*element);
  const std::string_view name = trimmed(text);
  const auto colon = name.rfind(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

std::string text_of(const Element* element) {
  return element == nullptr ? std::string() : std::string(trimmed(string_value(*element)));
}

void add_detail(const Element* detail, std::vector<std::string>& codes) {
  const Element* first = detail == nullptr ? nullptr : first_element(*detail);
  if (first != nullptr) codes.push_back(first->localName());
}

Fault fault_1_1(const Element& fault) {
  std::vector<std::string> codes;
  add_detail(child(fault, "", "detail"), codes);
  if (auto code = local_part(child(fault, "", "faultcode")); !code.empty()) codes.push_back(std::move(code));
  return Fault(std::move(codes), text_of(child(fault, "", "faultstring")));
}

Fault fault_1_2(const Element& fault) {
  std::vector<std::string> codes;
  const Element* code = child(fault, kEnvelope_1_2, "Code");
  for (; code != nullptr; code = child(*code, kEnvelope_1_2, "Subcode"))
    if (auto value = local_part(child(*code, kEnvelope_1_2, "Value")); !value.empty())
      codes.insert(codes.begin(), std::move(value));
  std::vector<std::string> detail;
  add_detail(child(fault, kEnvelope_1_2, "Detail"), detail);
  codes.insert(codes.begin(), detail.begin(), detail.end());
  const Element* reason = child(fault, kEnvelope_1_2, "Reason");
  return Fault(std::move(codes), reason == nullptr ? std::string() : text_of(child(*reason, kEnvelope_1_2, "Text")));
}

bool is_word(std::string_view word) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  };
  return !word.empty() && word.size() <= 64 && std::all_of(word.begin(), word.end(), allowed);
}

}  // namespace

std::optional<Fault> fault_in(const Element& body) {
  if (const Element* fault = child(body, kEnvelope_1_1, "Fault")) return fault_1_1(*fault);
  if (const Element* fault = child(body, kEnvelope_1_2, "Fault")) return fault_1_2(*fault);
  return std::nullopt;
}

FaultWords::FaultWords(const fulfill::Settings& settings) { read(settings, ""); }

void FaultWords::read(const fulfill::Settings& settings, const std::string& below) {
  const std::string table = below.empty() ? "faults" : "faults." + below;
  for (const auto& name : settings.names(table)) {
    if (name.empty()) throw fulfill::SettingError("setting \"" + table + ".\": a code of a fault has no empty part");
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

fulfill::Failed FaultWords::failure(const Fault& fault) const {
  std::string message = fault.text();
  if (message.empty()) message = fault.codes().empty() ? "the backend answered a fault" : fault.codes().front();
  message.resize(beginning(message, kLongestMessage).size());
  for (const auto& code : fault.codes())
    if (const auto word = words_.find(code); word != words_.end()) return {word->second, std::move(message)};
  return {"soap_fault", std::move(message)};
}

}  // namespace soap
