// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/DOM/Element.h>

#include <fulfill/document.hpp>
#include <fulfill/settings.hpp>
#include <string>
#include <vector>

#include "soap_version.hpp"
#include "xml_document.hpp"
#include "xml_template.hpp"

namespace soap {

/// The message that is sent: the settings `request` (or `request_file`), `header` and `username`, inside an envelope
/// whose prefix is `soap`. With a `username`, the header has a UsernameToken with it and the secret `password` (OASIS,
/// Web Services Security, UsernameToken Profile 1.0; PasswordText). Immutable; any thread.
class Envelope {
 public:
  /// Throws SettingError that names the setting, among others if it would not make well-formed XML.
  Envelope(const fulfill::Settings& settings, SoapVersion version);

  /// Throws what XmlTemplate::render throws.
  [[nodiscard]] std::string render(const fulfill::Document& input, const XmlTemplate::Secret& secret) const;

 private:
  SoapVersion version_;
  XmlTemplate request_;
  std::vector<XmlTemplate> headers_;
};

/// The body of the envelope of either version that the document is, or throws XmlError.
[[nodiscard]] const Poco::XML::Element& body_of(const Poco::XML::Document& document);

}  // namespace soap
