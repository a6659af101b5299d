// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/Context.h>

#include <memory>
#include <mutex>
#include <string>

#include "actors/ports/observer.hpp"
#include "runtime/certificate/server_certificate.hpp"
#include "runtime/config/config.hpp"

namespace fulfilld {

/// The certificate that new connections are shown. Any thread.
class OwnCertificate {
 public:
  /// Reads the files, if any are set, and tells `observer`, which outlives this, what they hold. Throws
  /// std::runtime_error with a sentence if they cannot be used.
  OwnCertificate(const ServerSettings& settings, Observer& observer);

  /// For the next connection; null: plain TCP. A connection keeps the one that it began with.
  [[nodiscard]] Poco::Net::Context::Ptr context() const;

  [[nodiscard]] bool in_use() const noexcept { return !certificate_file_.empty(); }

  /// Reads the files anew and shows what they hold from now on. If they cannot be used the old certificate stays, and
  /// the log says why.
  void renew();

 private:
  [[nodiscard]] CheckedCertificate read() const;
  void take(const CheckedCertificate& checked);

  const std::string certificate_file_;
  const std::string key_file_;
  Observer& observer_;
  mutable std::mutex mutex_;
  Poco::Net::Context::Ptr context_;                       ///< guarded by `mutex_`
  std::shared_ptr<const ServerCertificate> certificate_;  ///< guarded by `mutex_`
};

}  // namespace fulfilld
