// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace fulfilld {

/// Something that may block. Destroyed once it has run, or instead.
class BlockingWork {
 public:
  virtual ~BlockingWork() = default;
  virtual void run() noexcept = 0;
};

/// Bounds of one lane.
struct LaneLimits {
  std::size_t threads = 8;      ///< at most so many of its work run at a time
  std::size_t waiting = 20000;  ///< and so many wait
};

/// Threads that may block, for what must: a database driver, say.
class BlockingThreads {
 public:
  virtual ~BlockingThreads() = default;

  /// Has the work run soon, in its turn among those of the same lane; then calls `done`, and destroys the work, on the
  /// thread that ran it. Lanes have bounds of their own, so that one that hangs takes no thread of another. False: too
  /// much waits in that lane, the work is destroyed and `done` is not called. Any thread; never blocks.
  virtual bool run(const std::string& lane, std::unique_ptr<BlockingWork> work, std::function<void()> done) = 0;
};

}  // namespace fulfilld
