// SPDX-License-Identifier: Apache-2.0
#include "envelope.hpp"

#include <cstddef>
#include <fstream>
#include <fulfill/charset.hpp>
#include <string_view>
#include <utility>

#include "xml_text.hpp"

namespace soap {
namespace {

using Poco::XML::Element;

// OASIS, Web Services Security: UsernameToken Profile 1.0
constexpr const char* kSecurity = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
constexpr const char* kPasswordText =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText";

std::string contents_of(const std::string& path) {
  constexpr std::size_t kLongest = 1 << 20;
  const auto refuse = [&](const char* why) {
    throw fulfill::SettingError("setting \"request_file\": " + path + " " + why);
  };
  if (!path.starts_with('/')) refuse("must be an absolute path");
  std::ifstream file(path, std::ios::binary);
  std::string text(kLongest + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) refuse("cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kLongest) refuse("is larger than 1 MiB");
  return fulfill::DecodedText(text, "").take();  // in the body, its byte order mark would be a character
}

/// Refuses what would not be well-formed between the tags of the envelope.
XmlTemplate content(const std::string& setting, const std::string& text, const fulfill::Settings& settings) {
  XmlTemplate content(setting, text);
  for (const auto& name : content.secrets()) settings.require_secret(name);
  try {
    const std::string around = std::string("<content xmlns:soap=\"") + kEnvelope_1_1 + "\">";
    const auto document = parse_xml(around + content.sample() + "</content>");
    const Element* element = first_element(*document->documentElement());
    if (element == nullptr) throw XmlError("it holds no element");
    if (element->localName() == "Envelope")
      throw XmlError("give what stands inside of soap:Body or soap:Header; the envelope is added");
  } catch (const XmlError& error) {
    throw fulfill::SettingError("setting \"" + setting + "\": " + error.what());
  }
  return content;
}

XmlTemplate request_of(const fulfill::Settings& settings) {
  const std::string text = settings.text("request", "");
  const std::string file = settings.text("request_file", "");
  if (text.empty() == file.empty())
    throw fulfill::SettingError("one of the settings \"request\" and \"request_file\" must be set, and only one");
  return file.empty() ? content("request", text, settings) : content("request_file", contents_of(file), settings);
}

std::string security(const std::string& username, SoapVersion version) {
  return std::string("<wsse:Security xmlns:wsse=\"") + kSecurity + "\" soap:mustUnderstand=\"" +
         (version == SoapVersion::v1_1 ? "1" : "true") + "\"><wsse:UsernameToken><wsse:Username>" +
         escape_xml(username, false) + "</wsse:Username><wsse:Password Type=\"" + kPasswordText +
         "\">{{secret:password}}</wsse:Password></wsse:UsernameToken></wsse:Security>";
}

}  // namespace

Envelope::Envelope(const fulfill::Settings& settings, SoapVersion version)
    : version_(version), request_(request_of(settings)) {
  if (const std::string username = settings.text("username", ""); !username.empty())
    headers_.push_back(content("username", security(username, version), settings));
  if (const std::string header = settings.text("header", ""); !header.empty())
    headers_.push_back(content("header", header, settings));
}

std::string Envelope::render(const fulfill::Document& input, const XmlTemplate::Secret& secret) const {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope xmlns:soap=\"";
  xml += envelope_uri(version_);
  xml += "\">";
  if (!headers_.empty()) {
    xml += "<soap:Header>";
    for (const auto& header : headers_) xml += header.render(input, secret);
    xml += "</soap:Header>";
  }
  xml += "<soap:Body>" + request_.render(input, secret) + "</soap:Body></soap:Envelope>";
  return xml;
}

const Element& body_of(const Poco::XML::Document& document) {
  const Element* envelope = document.documentElement();
  for (const char* uri : {kEnvelope_1_1, kEnvelope_1_2}) {
    if (envelope->localName() != "Envelope" || envelope->namespaceURI() != uri) continue;
    for (const char* its_uri : {uri, kEnvelope_1_1, kEnvelope_1_2})
      if (const Element* body = child(*envelope, its_uri, "Body")) return *body;
    throw XmlError("its envelope has no body");
  }
  throw XmlError("its root is " + std::string(beginning(envelope->nodeName(), 40)) + ", not a SOAP envelope");
}

}  // namespace soap
