// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/name_lookup.hpp"

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "runtime/egress/own_lack.hpp"

namespace fulfilld {
namespace {

namespace ip = boost::asio::ip;

ip::address address_of(const addrinfo& info) {
  if (info.ai_family == AF_INET) {
    ip::address_v4::bytes_type bytes;
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in*>(info.ai_addr)->sin_addr, bytes.size());
    return ip::address_v4(bytes);
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(info.ai_addr);
  ip::address_v6::bytes_type bytes;
  std::memcpy(bytes.data(), &v6->sin6_addr, bytes.size());
  return ip::address_v6(bytes, v6->sin6_scope_id);
}

Resolution failed(int error, int system_error) {
  // The resolver says "try again" or "no such name" when it only had no descriptor to read its files or to ask with.
  const int lack = error == EAI_MEMORY                                ? ENOMEM
                   : error == EAI_SYSTEM && is_own_lack(system_error) ? system_error
                                                                      : lack_of_descriptors();
  if (lack != 0) return {{}, std::strerror(lack), true};
  return {{}, error == EAI_SYSTEM ? std::strerror(system_error) : gai_strerror(error)};
}

}  // namespace

Resolution system_look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  const int system_error = errno;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, &freeaddrinfo);
  if (error != 0) return failed(error, system_error);
  Resolution result;
  for (const addrinfo* info = list; info != nullptr; info = info->ai_next) {
    if (info->ai_family != AF_INET && info->ai_family != AF_INET6) continue;
    const auto address = address_of(*info);
    if (std::find(result.addresses.begin(), result.addresses.end(), address) == result.addresses.end())
      result.addresses.push_back(address);
  }
  if (result.addresses.empty()) result.problem = "the name has no address";
  return result;
}

}  // namespace fulfilld
