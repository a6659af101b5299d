// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "actors/admission.hpp"
#include "actors/execution.hpp"
#include "actors/ports/journal.hpp"
#include "runtime/ingress/answer.hpp"
#include "runtime/ingress/request_scratch.hpp"
#include "runtime/url/host_allow_list.hpp"

namespace fulfilld {

/// What the head of a request says of its execution.
struct ExecuteHead {
  std::string_view action;
  std::string_view correlation_id;   ///< or empty
  std::string_view idempotency_key;  ///< or empty
};

/// What `POST /execute` does with a body that has been received whole. Any thread that may block.
class ExecuteEndpoint {
 public:
  /// The references must outlive this object.
  ExecuteEndpoint(Journal& journal, Admission& admission, const HostAllowList& allowed_hosts)
      : journal_(journal), admission_(admission), allowed_hosts_(allowed_hosts) {}

  /// Takes the body from `scratch.body` (with the parser's padding). Waits for the journal. Never throws for what a
  /// client sent. On 202 the execution is durable. The place in `Admission` goes with the execution.
  [[nodiscard]] Answer execute(const ExecuteHead& head, RequestScratch& scratch);

 private:
  /// An execution, or why there is none.
  struct Checked {
    std::shared_ptr<Execution> execution;
    Answer refusal;
  };

  [[nodiscard]] Checked check(const ExecuteHead& head, RequestScratch& scratch);
  [[nodiscard]] Checked make_execution(const ExecuteHead& head, const ExecuteBody& body, ExecutionIds& ids) const;
  [[nodiscard]] Answer wait_for_journal(std::shared_ptr<Execution> execution);

  Journal& journal_;
  Admission& admission_;
  const HostAllowList& allowed_hosts_;

  std::mutex large_bodies_;  ///< parsing takes up to 14 bytes for each byte of the body: large ones take turns
};

}  // namespace fulfilld
