// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string>

namespace fulfilld::chaos {

/// `long_one` with FULFILLD_CHAOS=long in the environment, else `short_one`.
[[nodiscard]] int times(int short_one, int long_one);

/// What chance begins with: FULFILLD_CHAOS_SEED, or 1. What it leads to depends on the threads' timing as well.
[[nodiscard]] std::uint64_t seed();

using Chance = std::mt19937_64;

/// From 0 up to, and without, `end`.
[[nodiscard]] int below(Chance& chance, int end);

/// The one line that a run prints at its end: `chaos NAME: FIGURES, 41 s, seed 1`.
class Figures {
 public:
  explicit Figures(std::string name) : line_("chaos " + std::move(name) + ":") {}

  /// `figures.add(30, "kills")`
  void add(std::uint64_t number, const std::string& of_what);
  /// With one digit after the point: `figures.add_decimal(1.5, "ms")`
  void add_decimal(double number, const std::string& of_what);
  void add_words(const std::string& words);
  void print();

 private:
  std::string line_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace fulfilld::chaos
