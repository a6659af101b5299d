// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/DOM/Element.h>

#include <fulfill/error.hpp>
#include <fulfill/settings.hpp>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace soap {

/// A SOAP fault: what a service answers instead of a result.
class Fault {
 public:
  Fault(std::vector<std::string> codes, std::string text) : codes_(std::move(codes)), text_(std::move(text)) {}

  /// From the most to the least telling, without prefixes: the element in the detail, the subcodes of 1.2 from the
  /// innermost outwards, the fault code.
  [[nodiscard]] const std::vector<std::string>& codes() const noexcept { return codes_; }
  /// The fault string, or reason, and a detail that is nothing but a text.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::vector<std::string> codes_;
  std::string text_;
};

/// The fault in a SOAP body, of version 1.1 or 1.2, or nothing. Whatever the namespaces of its parts, and of whichever
/// version they are.
[[nodiscard]] std::optional<Fault> fault_in(const Poco::XML::Element& body);

/// The failure as which a fault is reported.
class FaultFailure : public fulfill::Failed {
 public:
  FaultFailure(std::string code, std::string message, std::string for_log)
      : Failed(std::move(code), std::move(message)), for_log_(std::move(for_log)) {}
  /// With the fault's own codes.
  [[nodiscard]] const std::string& for_log() const noexcept { return for_log_; }

 private:
  std::string for_log_;
};

/// The settings `faults.CODE = "word"`: as which failure a fault is reported. Immutable.
class FaultWords {
 public:
  explicit FaultWords(const fulfill::Settings& settings);

  /// With the word for the first of the fault's codes that has one, else `soap_fault`, and the beginning of its text.
  [[nodiscard]] FaultFailure failure(const Fault& fault) const;

 private:
  void read(const fulfill::Settings& settings, const std::string& below);

  std::map<std::string, std::string> words_;
};

}  // namespace soap
