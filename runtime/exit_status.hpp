// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How the process ends. From 64 on the numbers are those of sysexits.h.
namespace fulfilld::exit_status {

inline constexpr int ended = 0;           ///< it was told to end, and did; also: all is well with the configuration
inline constexpr int not_started = 1;     ///< it cannot start, as the log says; also: mistakes found by --check-config
inline constexpr int command_line = 2;    ///< the command line has a mistake
inline constexpr int gave_up = 70;        ///< service actors kept dying: to be started again (EX_SOFTWARE)
inline constexpr int cut_short = 71;      ///< the shutdown did not end within its grace; nothing accepted is lost
inline constexpr int adapter_hung = 75;   ///< an adapter did not let its thread go: to be started again (EX_TEMPFAIL)
inline constexpr int configuration = 78;  ///< the configuration has mistakes: starting again is no use (EX_CONFIG)

}  // namespace fulfilld::exit_status
