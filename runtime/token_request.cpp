// SPDX-License-Identifier: Apache-2.0
#include "runtime/token_request.hpp"

#include <Poco/Base64Encoder.h>

#include <sstream>
#include <string_view>

namespace fulfilld {
namespace {

using SendAs = CredentialSettings::SendAs;

std::string base64(const std::string& text) {
  std::ostringstream out;
  Poco::Base64Encoder encoder(out);
  encoder.rdbuf()->setLineLength(0);
  encoder << text;
  encoder.close();
  return out.str();
}

/// As in a form (RFC 6749, appendix B), but a blank is %20: whoever decodes forms reads that too, and so does whoever
/// only undoes percents.
std::string form_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~' || c == '*';
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      encoded += c;
    else
      ((encoded += '%') += digits[byte >> 4]) += digits[byte & 15];
  }
  return encoded;
}

void append_field(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  form.append(name).append("=").append(form_encoded(value));
}

std::string basic(const CredentialSettings& credential, const std::string& secret) {
  const bool raw = credential.send_as == SendAs::basic_raw;
  return base64(raw ? credential.client_id + ':' + secret
                    : form_encoded(credential.client_id) + ':' + form_encoded(secret));
}

void hide(std::string& text, const std::string& secret) {
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
    text.replace(at, secret.size(), "***");
}

}  // namespace

HttpRequest token_request(const CredentialSettings& credential) {
  const auto secret = credential.client_secret.current();
  std::string form;
  append_field(form, "grant_type", "client_credentials");
  if (!credential.scope.empty()) append_field(form, "scope", credential.scope);
  HttpRequest request;
  if (credential.send_as == SendAs::form) {
    append_field(form, "client_id", credential.client_id);
    append_field(form, "client_secret", secret.reveal());
  } else {
    request.authorization = "Basic " + basic(credential, secret.reveal());
  }
  request.method = "POST";
  request.url = credential.token_url;
  request.header_lines = "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\n";
  request.body = std::make_shared<const std::string>(std::move(form));
  return request;
}

std::string without_client_secret(std::string text, const CredentialSettings& credential) {
  const auto secret = credential.client_secret.current();
  if (secret.empty()) return text;
  // The longest form first: it may hold a shorter one.
  hide(text, basic(credential, secret.reveal()));
  hide(text, form_encoded(secret.reveal()));
  hide(text, secret.reveal());
  return text;
}

}  // namespace fulfilld
