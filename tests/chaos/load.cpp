// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/load.hpp"

#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

namespace fulfilld::chaos {

using namespace std::chrono_literals;

/// One client, on its thread.
class Load::Client {
 public:
  Client(Load& load, int number)
      : load_(load),
        prefix_(load.prefix_ + std::to_string(number) + "-"),
        chance_(seed() + std::hash<std::string>{}(prefix_)) {}

  void run() {
    while (!load_.stopped_) send_one(prefix_ + std::to_string(++count_));
    const std::lock_guard lock(load_.mutex_);
    load_.sent_.insert(load_.sent_.end(), std::make_move_iterator(sent_.begin()), std::make_move_iterator(sent_.end()));
  }

 private:
  void send_one(const std::string& id) {
    const auto body = execute_body(load_.fulfillments_, id);
    const auto& action =
        load_.actions_[static_cast<std::size_t>(below(chance_, static_cast<int>(load_.actions_.size())))];
    const auto path = "/execute/" + action;
    Sent execution{id, action, false};
    bool ever_sent = false;
    while (!execution.accepted) {
      const auto result = connection_.post(load_.port_, path, body);
      ever_sent = ever_sent || result.end != Try::End::refused;
      execution.accepted = result.end == Try::End::answered && is_accepted(result.reply, id);
      if (execution.accepted) break;
      if (result.end == Try::End::broken && below(chance_, 2) == 0) break;
      if (load_.stopped_) break;
      if (result.end != Try::End::broken) load_.pause();
    }
    if (execution.accepted) load_.count(load_.accepted_);
    if (execution.accepted && below(chance_, 20) == 0) send_again(id, path, body);
    if (ever_sent) sent_.push_back(std::move(execution));
  }

  void send_again(const std::string& id, const std::string& path, const std::string& body) {
    const auto result = connection_.post(load_.port_, path, body);
    if (result.end == Try::End::answered) static_cast<void>(is_accepted(result.reply, id));
  }

  [[nodiscard]] bool is_accepted(const integration::HttpReply& reply, const std::string& id) {
    if (reply.status == 503) {
      const auto retry_after = reply.fields.find("retry-after");
      if (retry_after == reply.fields.end() || std::atoi(retry_after->second.c_str()) < 1)
        complain(id + ": a 503 without Retry-After: " + reply.body);
      load_.count(load_.unavailable_);
      return false;
    }
    const auto answer = nlohmann::json::parse(reply.body, nullptr, false);
    if (reply.status == 202 && answer.is_object() && answer.value("executionId", "") == id) return true;
    complain(id + ": " + std::to_string(reply.status) + " " + reply.body);
    return false;
  }

  void complain(std::string sentence) {
    const std::lock_guard lock(load_.mutex_);
    load_.complaints_.push_back(std::move(sentence));
  }

  Load& load_;
  const std::string prefix_;
  Chance chance_;
  PersistentConnection connection_;
  int count_ = 0;
  std::vector<Sent> sent_;
};

Load::Load(std::string prefix, std::string fulfillments, std::vector<std::string> actions, int clients)
    : prefix_(std::move(prefix)), fulfillments_(std::move(fulfillments)), actions_(std::move(actions)) {
  for (int number = 0; number < clients; ++number)
    threads_.emplace_back([this, number] { Client(*this, number).run(); });
}

void Load::aim(std::uint16_t port) {
  const std::lock_guard lock(mutex_);
  port_ = port;
  aimed_.notify_all();
}

void Load::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    aimed_.notify_all();
  }
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

bool Load::wait_for_accepted(std::size_t count, std::chrono::milliseconds limit) {
  return wait(accepted_, count, limit);
}

bool Load::wait_for_unavailable(std::size_t more, std::chrono::milliseconds limit) {
  return wait(unavailable_, unavailable_ + more, limit);
}

void Load::pause() {
  std::unique_lock lock(mutex_);
  const auto port = port_.load();
  aimed_.wait_for(lock, 10ms, [&] { return stopped_ || port_ != port; });
}

void Load::count(std::atomic<std::size_t>& counter) {
  const std::lock_guard lock(mutex_);
  ++counter;
  counted_.notify_all();
}

bool Load::wait(const std::atomic<std::size_t>& counter, std::size_t goal, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return counted_.wait_for(lock, limit, [&] { return counter >= goal; });
}

std::string execute_body(const std::string& fulfillments, const std::string& id) {
  return R"({"fulfillmentUrl":")" + fulfillments + id + R"(","data":{"id":")" + id + R"("}})";
}

}  // namespace fulfilld::chaos
