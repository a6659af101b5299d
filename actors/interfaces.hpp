// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <string>

#include "actors/messages.hpp"
#include "actors/ports/adapter.hpp"

namespace fulfilld {

/// Anything that makes calls: a FULFILLMENT, the CALLBACK LANE, a TOKEN actor.
using requester_actor = caf::typed_actor<
    // A call of its own comes back, with its answer or with why it was not made.
    caf::reacts_to<answered_atom, CallPtr>>;

/// The HTTP POOL actor interface: bounds what is in flight in all, hands calls to the engine.
using http_pool_actor = caf::typed_actor<
    // Makes the call at once, or as soon as there is room.
    caf::reacts_to<call_atom, CallPtr>,
    // INTERNAL: the engine is done with a call; frees its place and sends it on its way back.
    caf::reacts_to<answered_atom, CallPtr>,
    // Answers in its turn: it is alive.
    caf::reacts_to<pulse_atom, PulsePtr>>;

/// The RATE LIMITER actor interface: grants calls by handing them on to the HTTP POOL, and learns from the answers.
using rate_limiter_actor = caf::typed_actor<
    // Hands the call on as soon as there is a token for it and its target's limits permit, in order of arrival.
    caf::reacts_to<call_atom, CallPtr>,
    // A call on its way back to its requester.
    caf::reacts_to<answered_atom, CallPtr>,
    // The token of a credential, or that there is none now.
    caf::reacts_to<token_atom, TokenPtr>,
    // No new token of a credential could be had, and when the next may come: some that wait for it need not any more.
    caf::reacts_to<token_atom, TokenProblemPtr>,
    // INTERNAL: a call of that lane may go to that origin again.
    caf::reacts_to<wake_atom, std::string, std::string>,
    // Answers in its turn: it is alive.
    caf::reacts_to<pulse_atom, PulsePtr>>;

/// The TOKEN actor interface: owns the access token of one credential and pushes it to the RATE LIMITER.
using token_actor = requester_actor::extend<
    // INTERNAL: time to renew the token.
    caf::reacts_to<run_atom>,
    // The secret may have changed: fetch a token with it now, and use the present one until that has come.
    caf::reacts_to<renew_atom>,
    // INTERNAL: the back-off before the next attempt is over.
    caf::reacts_to<wake_atom>,
    // The token of that version was refused (401, 403): drop it and fetch one, unless that is under way.
    caf::reacts_to<refused_atom, std::uint64_t>,
    // INTERNAL: the token of that version is past its life.
    caf::reacts_to<expired_atom, std::uint64_t>,
    // Answers in its turn: it is alive.
    caf::reacts_to<pulse_atom, PulsePtr>>;

/// The FULFILLMENT actor interface: runs the adapter for one execution, and ends with its outcome.
using fulfillment_actor = requester_actor::extend<
    // INTERNAL: begin.
    caf::reacts_to<run_atom>,
    // INTERNAL: the back-off, or the sleep, of that operation is over.
    caf::reacts_to<wake_atom, std::uint64_t>,
    // Blocking work has ended an attempt, and may be tried again.
    caf::reacts_to<answered_atom, TriedWorkPtr>,
    // INTERNAL: the journal knows that this unsafe operation is about to be sent.
    caf::reacts_to<recorded_atom, OperationId>,
    // The actors that its calls went through are gone, and what they held with them: these are the new ones.
    caf::reacts_to<routes_atom, RoutesPtr>,
    // INTERNAL: time to tell the platform that it still runs.
    caf::reacts_to<progress_atom>,
    // INTERNAL: the deadline of the execution has passed.
    caf::reacts_to<deadline_atom>>;

/// The CALLBACK LANE actor interface: delivers outcomes until they are taken, refused for good, or too old.
using callback_lane_actor = requester_actor::extend<
    // These outcomes are on stable storage: deliver them.
    caf::reacts_to<run_atom, DecidedBatch>,
    // Tell the platform so, soon, if nothing newer comes and the outcome does not.
    caf::reacts_to<progress_atom, ProgressPtr>,
    // INTERNAL: the execution with that journal sequence may report progress again.
    caf::reacts_to<progress_atom, std::uint64_t>,
    // INTERNAL: the back-off of the delivery with that journal sequence is over.
    caf::reacts_to<wake_atom, std::uint64_t>,
    // INTERNAL: the delivery with that journal sequence is too old.
    caf::reacts_to<deadline_atom, std::uint64_t>,
    // Answers in its turn: it is alive.
    caf::reacts_to<pulse_atom, PulsePtr>>;

/// The SUPERVISOR actor interface: one FULFILLMENT for each execution; a crash of one becomes its outcome.
using supervisor_actor = caf::typed_actor<
    // These executions are on stable storage: run them.
    caf::reacts_to<run_atom, AcceptedBatch>,
    // These outcomes are on stable storage: have them delivered.
    caf::reacts_to<run_atom, DecidedBatch>,
    // These were left unfinished by an earlier process: run or deliver them.
    caf::reacts_to<run_atom, RecoveredBatch>,
    // Adapters were replaced: executions that begin from now on use these.
    caf::reacts_to<actions_atom, ActionsPtr>,
    // Secrets may have changed: hands it on to all that use them.
    caf::reacts_to<renew_atom>,
    // For itself, or for the service actor of that name: hands it on.
    caf::reacts_to<pulse_atom, std::string, PulsePtr>>;

}  // namespace fulfilld
