// SPDX-License-Identifier: Apache-2.0
#include "runtime/token_request.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "actors/policy/base64.hpp"
#include "actors/policy/form_encoding.hpp"

namespace fulfilld {
namespace {

using SendAs = CredentialSettings::SendAs;

void append_field(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  form.append(name).append("=").append(form_encoded(value));
}

std::string basic(const CredentialSettings& credential, const std::string& secret) {
  const bool raw = credential.send_as == SendAs::basic_raw;
  return base64(raw ? credential.client_id + ':' + secret
                    : form_encoded(credential.client_id) + ':' + form_encoded(secret));
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

}  // namespace fulfilld
