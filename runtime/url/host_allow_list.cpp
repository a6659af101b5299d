// SPDX-License-Identifier: Apache-2.0
#include "runtime/url/host_allow_list.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <stdexcept>

#include "runtime/url/parse_url.hpp"

namespace fulfilld {
namespace {

// "host:port", as it stands in an origin; "host" alone for any port of a loopback host.
std::string_view host_and_port(const Url& url) {
  return std::string_view(url.origin).substr(url.origin.find("://") + 3);
}

std::string normalized(const std::string& entry) {
  const ParsedUrl as_https = parse_url("https://" + entry);
  const ParsedUrl as_http = parse_url("http://" + entry);
  if (!as_https.url || !as_http.url || entry.find_first_of("/?#@%") != std::string::npos)
    throw std::invalid_argument("'" + entry + "' is not a host name, optionally with :port");
  const bool port_given = as_https.url->port == as_http.url->port;
  if (!port_given && is_loopback(as_https.url->host)) return as_https.url->host;
  return std::string(host_and_port(*as_https.url));
}

}  // namespace

const std::vector<std::string>& genesys_api_hosts() {
  static const std::vector<std::string> hosts = {
      "api.mypurecloud.com",         // us-east-1
      "api.usw2.pure.cloud",         // us-west-2
      "api.use2.us-gov-pure.cloud",  // us-east-2, FedRAMP
      "api.cac1.pure.cloud",         // ca-central-1
      "api.mxc1.pure.cloud",         // mx-central-1
      "api.sae1.pure.cloud",         // sa-east-1
      "api.mypurecloud.ie",          // eu-west-1
      "api.euw2.pure.cloud",         // eu-west-2
      "api.mypurecloud.de",          // eu-central-1
      "api.euc2.pure.cloud",         // eu-central-2
      "api.mec1.pure.cloud",         // me-central-1
      "api.aps1.pure.cloud",         // ap-south-1
      "api.mypurecloud.jp",          // ap-northeast-1
      "api.apne2.pure.cloud",        // ap-northeast-2
      "api.apne3.pure.cloud",        // ap-northeast-3
      "api.apse1.pure.cloud",        // ap-southeast-1
      "api.mypurecloud.com.au",      // ap-southeast-2
      "api.edee1.eusc-pure.cloud",   // eusc-de-east-1
  };
  return hosts;
}

bool is_loopback(std::string_view host) noexcept {
  if (host == "localhost") return true;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (host.size() >= text.size()) return false;
  std::copy(host.begin(), host.end(), text.begin());
  in_addr v4{};
  if (inet_pton(AF_INET, text.data(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, text.data(), &v6) == 1 && std::memcmp(&v6, &in6addr_loopback, sizeof v6) == 0;
}

HostAllowList::HostAllowList(const std::vector<std::string>& entries) {
  for (const auto& entry : entries) entries_.push_back(normalized(entry));
  std::sort(entries_.begin(), entries_.end());
}

std::string HostAllowList::refusal(const Url& url) const {
  const bool loopback = is_loopback(url.host);
  if (!url.tls && !loopback) return "fulfillmentUrl must be an https URL";
  const auto listed = [this](std::string_view key) {
    return std::binary_search(entries_.begin(), entries_.end(), key, std::less<>());
  };
  if (listed(host_and_port(url)) || (loopback && listed(url.host))) return {};
  return "the host of fulfillmentUrl is not on the allow list";
}

}  // namespace fulfilld
