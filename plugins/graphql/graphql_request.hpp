// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/request.hpp>
#include <string>
#include <utility>
#include <vector>

#include "../mapping/json_template.hpp"
#include "../mapping/section.hpp"
#include "../mapping/values.hpp"
#include "document.hpp"

namespace graphql {

/// What is sent: the settings `query` (or `query_file`), `operation_name` and `variables.NAME`. Immutable.
class GraphqlRequest {
 public:
  /// Throws SettingError: for a document that is no GraphQL or has no such operation, for a subscription, for a
  /// variable that the operation does not declare, and for a required one that is not set.
  GraphqlRequest(const mapping::Section& section, const mapping::Sources& sources);

  /// A query is safe, a mutation unsafe.
  [[nodiscard]] fulfill::Operation operation() const noexcept { return operation_; }

  /// The body (GraphQL over HTTP, "POST"). Throws Failed as templates do, and `bad_input` for one of more than 1 MiB.
  [[nodiscard]] std::string body(const mapping::Values& values) const;

 private:
  void read_variables(const mapping::Section& section, const mapping::Sources& sources,
                      const OperationDefinition& definition);

  std::string document_;
  std::string operation_name_;
  fulfill::Operation operation_ = fulfill::Operation::unsafe;
  std::vector<std::pair<std::string, mapping::JsonTemplate>> variables_;
};

}  // namespace graphql
