// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/doubles/scripted_adapter.hpp"

namespace fulfilld::test {

class ScriptedAdapter::Run final : public AdapterRun {
 public:
  Run(ScriptedAdapter& adapter, AdapterHost& host) : adapter_(adapter), host_(host) { ++adapter_.alive_; }
  ~Run() override { --adapter_.alive_; }

  void start() override { adapter_.on_start(host_); }
  void http_done(OperationId operation, const HttpAnswer& answer) override {
    adapter_.on_http(host_, operation, answer);
  }
  void done(OperationId operation) override { adapter_.on_done(host_, operation); }

 private:
  ScriptedAdapter& adapter_;
  AdapterHost& host_;
};

std::unique_ptr<AdapterRun> ScriptedAdapter::make_run(AdapterHost& host, ExecutionPtr, MonotonicTime deadline) {
  deadlines_.push_back(deadline);
  return std::make_unique<Run>(*this, host);
}

}  // namespace fulfilld::test
