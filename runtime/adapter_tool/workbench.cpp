// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/workbench.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <future>
#include <utility>

#include "actors/ports/flight_recorder.hpp"
#include "runtime/known_secrets.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;

/// What an execution may take beyond its deadline before it counts as stuck, and its blocking work beyond its end.
constexpr auto kPatience = 5s;

/// In place of the callback lane: what goes to the platform ends here.
callback_lane_actor::behavior_type deaf_lane() {
  return {[](answered_atom, const CallPtr&) {},     [](run_atom, const DecidedBatch&) {},
          [](progress_atom, const ProgressPtr&) {}, [](progress_atom, std::uint64_t) {},
          [](wake_atom, std::uint64_t) {},          [](deadline_atom, std::uint64_t) {},
          [](pulse_atom, const PulsePtr&) {}};
}

EgressSettings egress_settings(const Config& config) {
  EgressSettings settings;
  settings.ca_file = config.egress.ca_file;
  settings.user_agent = config.egress.user_agent;
  return settings;
}

SlowHandlers nobody_told() {
  return {1h, [](std::string_view, std::chrono::milliseconds) {}};
}

}  // namespace

class Workbench::NoFlightRecorder final : public FlightRecorder {
 public:
  std::size_t enter(const AdapterStay&) noexcept override { return 0; }
  void leave(std::size_t) noexcept override {}
};

Workbench::Workbench(Config config, std::string action, AdapterPtr adapter)
    : config_(std::move(config)),
      action_(std::move(action)),
      adapter_(std::move(adapter)),
      clock_(loop_),
      engine_(loop_, egress_settings(config_)),
      watched_engine_(engine_),
      recorder_(std::make_unique<NoFlightRecorder>()),
      lanes_(LaneLimits{}),
      actor_settings_(/*workers=*/1, nobody_told()),
      actors_(actor_settings_),
      routes_factory_(actors_, config_, clock_, watched_engine_, journal_, observer_, *recorder_,
                      redaction_for(config_), std::make_shared<DeliveryBook>()) {}

Workbench::~Workbench() {
  actors_.await_all_actors_done();
  engine_.stop();
}

RunEnd Workbench::run(const std::string& data, const Treatment& treatment, WatchedEngine::Redirect redirect) {
  watched_engine_.watch(treatment.witness, std::move(redirect));
  observer_.watch(treatment.witness);
  const auto& settings = config_.actions.at(action_);

  auto shared = std::make_shared<FulfillmentConfig>();
  shared->clock = &clock_;
  shared->journal = &journal_;
  shared->observer = &observer_;
  shared->recorder = recorder_.get();
  shared->blocking = &lanes_;
  auto action = std::make_shared<Action>();
  action->adapter = watched_adapter(adapter_, std::make_shared<const Treatment>(treatment));
  action->deadline = settings.deadline;
  action->retry = settings.retry;
  action->max_result = settings.max_result;
  action->credential = settings.credential;

  const auto routes = make_routes();
  const auto begin = clock_.now();
  const auto deadline = begin + settings.deadline.to_decide();
  std::promise<void> over;
  auto is_over = over.get_future();
  {
    const std::lock_guard lock(running_mutex_);
    running_ = actors_.spawn(fulfillment, FulfillmentConfigPtr(std::move(shared)), ActionPtr(std::move(action)), routes,
                             make_execution(data), deadline);
    caf::actor_cast<caf::strong_actor_ptr>(running_)->get()->attach_functor(
        [over = std::make_shared<std::promise<void>>(std::move(over))] { over->set_value(); });
  }
  RunEnd end;
  end.stuck = is_over.wait_until(deadline + kPatience) != std::future_status::ready;
  end.lasted = std::chrono::round<std::chrono::milliseconds>(clock_.now() - begin);
  if (!end.stuck) end.work_left = !treatment.work->wait_for_none(kPatience);
  end.outcomes = journal_.take();
  for (const auto& actor : routes->all()) caf::anon_send_exit(actor.actor, caf::exit_reason::user_shutdown);
  {
    const std::lock_guard lock(running_mutex_);
    running_ = nullptr;
  }
  return end;
}

void Workbench::time_is_up() {
  const std::lock_guard lock(running_mutex_);
  if (running_) caf::anon_send(running_, deadline_atom_v);
}

void Workbench::time_is_up_in(std::chrono::milliseconds delay) {
  const std::lock_guard lock(running_mutex_);
  if (running_)
    clock_.schedule(clock_.now() + delay, [running = running_] { caf::anon_send(running, deadline_atom_v); });
}

/// New ones for each execution: what a target was found to be like in one must not weigh on the next.
RoutesPtr Workbench::make_routes() {
  auto routes = std::make_shared<Routes>(*routes_factory_.make());
  caf::anon_send_exit(routes->callbacks, caf::exit_reason::user_shutdown);
  routes->callbacks = actors_.spawn(deaf_lane);
  return routes;
}

ExecutionPtr Workbench::make_execution(const std::string& data) {
  auto execution = std::make_shared<Execution>();
  execution->sequence = ++executions_;
  execution->id = "adapter-tool-" + std::to_string(executions_);
  execution->action = action_;
  execution->data = data;
  execution->accepted_at = clock_.wall_now();
  execution->accepted = clock_.now();
  return execution;
}

}  // namespace fulfilld
