// SPDX-License-Identifier: Apache-2.0
#include "runtime/token_request.hpp"

#include <Poco/Base64Encoder.h>
#include <Poco/URI.h>

#include <sstream>

namespace fulfilld {
namespace {

std::string base64(const std::string& text) {
  std::ostringstream out;
  Poco::Base64Encoder encoder(out);
  encoder.rdbuf()->setLineLength(0);
  encoder << text;
  encoder.close();
  return out.str();
}

void append_field(std::string& form, const std::string& name, const std::string& value) {
  std::string escaped;
  // Everything that is not unreserved (RFC 3986, 2.3) and could mean something in a form.
  Poco::URI::encode(value, "!#$&'()*+,/:;=?@[]%\"<>\\^`{|} ", escaped);
  if (!form.empty()) form += '&';
  form += name + '=' + escaped;
}

}  // namespace

HttpRequest token_request(const CredentialSettings& credential) {
  std::string form;
  append_field(form, "grant_type", "client_credentials");
  if (!credential.scope.empty()) append_field(form, "scope", credential.scope);
  HttpRequest request;
  if (credential.form_fields) {
    append_field(form, "client_id", credential.client_id);
    append_field(form, "client_secret", credential.client_secret.current().reveal());
  } else {
    request.authorization = "Basic " + base64(credential.client_id + ':' + credential.client_secret.current().reveal());
  }
  request.method = "POST";
  request.url = credential.token_url;
  request.header_lines = "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\n";
  request.body = std::make_shared<const std::string>(std::move(form));
  return request;
}

}  // namespace fulfilld
