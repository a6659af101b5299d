/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The edge between fulfilld and an adapter plugin, version 1, in plain C.
 *
 * A plugin is a shared library that exports ONE symbol, `fulfill_adapter_v1`, a constant `fulfill_descriptor_v1`.
 * Adapter authors do not write against this file but against <fulfill/adapter.hpp>, which fills it in.
 *
 * Rules that hold for every function below, in both directions
 *  - No exception, no C++ type and no ownership of memory crosses. Who allocates something frees it.
 *  - A text is a pointer and a length: not terminated, UTF-8 unless said otherwise. A text of length 0 may have a
 *    null pointer. Whatever is passed in is lent until the call returns, unless a longer time is stated.
 *  - A struct with a leading `size` was allocated by the side that filled it in and may be longer (a newer side) or
 *    shorter (an older side) than the reader's: a field at or beyond `size` is absent. Structs without `size` are
 * frozen.
 *  - Calls of one run never overlap and never nest into the plugin: the host calls into a run, the run calls the host
 *    table from inside that call, and the host does not call back into any run before the first call has returned.
 *    One run may be called from different threads one after the other, with a happens-before in between.
 *  - Different runs of one adapter run at the same time on several threads. No function may block.
 *
 * What may change, and how, stands in sdk/ABI.md.
 */
#ifndef FULFILL_ABI_H
#define FULFILL_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** First eight bytes of a descriptor: "FULFILL1" as a little-endian number. */
#define FULFILL_MAGIC UINT64_C(0x314C4C49464C5546)
/** Changes only when the meaning or the place of something existing changes; see sdk/ABI.md. */
#define FULFILL_ABI_VERSION UINT32_C(1)
/** Version of this SDK, for people. */
#define FULFILL_SDK_VERSION "1.1.0"

/** Text or bytes, lent. */
typedef struct fulfill_text {
  const char* data;
  size_t size;
} fulfill_text;

/** A name and its value: a header field, or a setting. */
typedef struct fulfill_field {
  fulfill_text name;
  fulfill_text value;
} fulfill_field;

/** Why something did not succeed. `code` is a reason's wire name such as `backend_timeout`. */
typedef struct fulfill_failure {
  fulfill_text code;
  fulfill_text message;
} fulfill_failure;

/** How often a call may be carried out; decides whether the host may make it twice. */
enum {
  FULFILL_OPERATION_BY_METHOD = 0,  /**< GET, HEAD, OPTIONS: safe; PUT, DELETE: idempotent; all others: unsafe */
  FULFILL_OPERATION_SAFE = 1,       /**< changes nothing */
  FULFILL_OPERATION_IDEMPOTENT = 2, /**< may be repeated under the same Idempotency-Key, which the host adds */
  FULFILL_OPERATION_UNSAFE = 3      /**< must not be repeated once it may have been carried out */
};

enum { FULFILL_LOG_DEBUG = 0, FULFILL_LOG_INFO = 1, FULFILL_LOG_WARNING = 2, FULFILL_LOG_ERROR = 3 };

enum {
  FULFILL_RESULT_OWN = 0,         /**< the adapter made it: if it is not JSON, that is `adapter_fault` */
  FULFILL_RESULT_FROM_BACKEND = 1 /**< a backend's bytes, passed on: if they are not JSON, `backend_bad_answer` */
};

typedef struct fulfill_adapter fulfill_adapter; /**< the plugin's: an adapter, configured for one action */
typedef struct fulfill_run fulfill_run;         /**< the plugin's: one execution */
typedef struct fulfill_caller fulfill_caller;   /**< the host's: the same execution */

/** A backend call. */
typedef struct fulfill_request_v1 {
  size_t size;
  fulfill_text method;         /**< a token of RFC 9110, 5.6.2; not CONNECT, not TRACE */
  fulfill_text url;            /**< absolute, http or https */
  const fulfill_field* fields; /**< not Host, Content-Length, Transfer-Encoding, Connection and their kin */
  size_t field_count;
  fulfill_text body;  /**< bytes; if it is the input itself, it is not copied */
  uint32_t has_body;  /**< 0: neither body nor Content-Length is sent */
  uint32_t operation; /**< FULFILL_OPERATION_... */
  int64_t timeout_ms; /**< of one attempt; 0: the action's. More than the action's is cut to it */
} fulfill_request_v1;

/** What became of a backend call, after all retries. */
typedef struct fulfill_answer_v1 {
  size_t size;
  fulfill_failure failure;     /**< an empty code: a 2xx answer; else why it is none */
  int32_t status;              /**< 0: no status line was read */
  uint32_t complete;           /**< 1: a whole HTTP answer was read, of whatever status */
  const fulfill_field* fields; /**< in the order and case in which they came */
  size_t field_count;
  fulfill_text body; /**< bytes */
} fulfill_answer_v1;

/** What came of one attempt at blocking work. A host takes a value that it does not know for FULFILL_ATTEMPT_DONE. */
enum {
  FULFILL_ATTEMPT_DONE = 0,      /**< it is over, however it ended */
  FULFILL_ATTEMPT_AGAIN = 1,     /**< nothing was done, or it may be done twice: it can be tried again */
  FULFILL_ATTEMPT_BUSY = 2,      /**< the same, and the backend is full or away: fewer at a time */
  FULFILL_ATTEMPT_NOT_BEGUN = 3, /**< nobody waits for it any more */
};

/** Since SDK 1.1. The host's, zeroed but for `size`; the plugin fills in what `size` covers. */
typedef struct fulfill_attempt_v1 {
  size_t size;
  uint32_t verdict; /**< FULFILL_ATTEMPT_... */
  uint32_t reserved;
  int64_t after_ms;        /**< AGAIN, BUSY: not before that time has passed; 0: as the host sees fit */
  fulfill_failure failure; /**< AGAIN, BUSY: why, for people; lent until the next attempt, or `release` */
} fulfill_attempt_v1;

/**
 * Work that may block. The host copies the struct. It calls `run` at most once, on a thread that may block, and then,
 * or instead, `release` once, on any thread. Both may come after the run that asked has been cancelled, never after the
 * adapter's `destroy`. Neither may call a host function, nor throw.
 *
 * A host that knows `attempt`, where the plugin has one, calls that in place of `run`: once, and after AGAIN or BUSY
 * perhaps once more, as the action's retry settings permit. Attempts follow each other, with a happens-before in
 * between.
 */
typedef struct fulfill_work_v1 {
  size_t size;
  void* state;
  void (*run)(void* state);
  void (*release)(void* state);                              /**< frees `state` */
  uint32_t operation;                                        /**< FULFILL_OPERATION_...; BY_METHOD: unsafe */
  uint32_t reserved;                                         /**< 0 */
  void (*attempt)(void* state, fulfill_attempt_v1* outcome); /**< since SDK 1.1; null: there is only `run` */
} fulfill_work_v1;

/**
 * What a run may ask of its host. Lives for ever. `caller` is the one given to `start`.
 * Every function: only from inside a call of the host into this run, on its thread; never blocks.
 */
typedef struct fulfill_host_v1 {
  size_t size;

  /**
   * Asks for a backend call. Returns the number under which `http_done` will tell of it, never while this call lasts.
   * Returns 0 if the request itself cannot be made: `failure` then says why, in host memory that lasts until the next
   * call of a host function for this run.
   */
  uint64_t (*http)(fulfill_caller* caller, const fulfill_request_v1* request, fulfill_failure* failure);

  /** Asks for `done` after that time (negative: 0). Result and `failure` as for `http`. */
  uint64_t (*sleep)(fulfill_caller* caller, int64_t milliseconds, fulfill_failure* failure);

  /** Reports interim progress, a JSON value. Not JSON, or too often: dropped, with a line in the log. */
  void (*progress)(fulfill_caller* caller, fulfill_text json);

  /** Writes a log line that carries the execution's id. Bounded in length and number; the rest is dropped. */
  void (*log)(fulfill_caller* caller, int32_t level, fulfill_text text);

  /** The action's secret of that name. 1 and `*value`, valid until `cancel` returns; or 0 if there is none. */
  int32_t (*secret)(fulfill_caller* caller, fulfill_text name, fulfill_text* value);

  /** The run has succeeded with that JSON value. `source` is FULFILL_RESULT_.... Only the first ending counts. */
  void (*complete)(fulfill_caller* caller, fulfill_text json, uint32_t source);

  /** The run has failed. `code`: a reason's wire name, or a word of the adapter's own, [a-z0-9_.-], at most 64. */
  void (*fail)(fulfill_caller* caller, fulfill_text code, fulfill_text message);

  /**
   * Has `work` run on a thread that may block, and then asks for `done`. Result and `failure` as for `http`; after a 0
   * it does not run, and has been released.
   */
  uint64_t (*blocking)(fulfill_caller* caller, const fulfill_work_v1* work, fulfill_failure* failure);
} fulfill_host_v1;

/** `[actions.NAME]` as far as it concerns the adapter. */
typedef struct fulfill_settings_v1 {
  size_t size;
  fulfill_text action;           /**< name of the action */
  const fulfill_field* settings; /**< `[actions.NAME.settings]` */
  size_t setting_count;
  const fulfill_text* secrets; /**< names only, of `[actions.NAME.secrets]` */
  size_t secret_count;
} fulfill_settings_v1;

/** One execution. Everything it points to lives until `cancel` returns; the struct itself only during `start`. */
typedef struct fulfill_start_v1 {
  size_t size;
  const fulfill_host_v1* host;
  fulfill_caller* caller; /**< first argument of every host function */
  fulfill_text execution_id;
  fulfill_text action;
  fulfill_text input;  /**< a JSON value, byte for byte as it was received */
  int64_t deadline_ns; /**< CLOCK_MONOTONIC; then the host calls `cancel` */
} fulfill_start_v1;

/** The one exported symbol. Its texts are arrays, so that a tool can read them from the file without loading it. */
typedef struct fulfill_descriptor_v1 {
  uint64_t magic;       /**< FULFILL_MAGIC */
  uint32_t abi_version; /**< FULFILL_ABI_VERSION of the SDK it was built with */
  uint32_t size;        /**< of this struct */
  uint32_t host_size;   /**< least `fulfill_host_v1.size` with which it can work */
  uint32_t reserved;    /**< 0 */
  char name[64];        /**< [a-z0-9_-]; NUL-terminated, like the three below */
  char version[32];
  char sdk_version[32];
  char compiler[96];

  /**
   * Makes an adapter for one action. Null: it refuses, after one call of `refuse(sink, sentence)` that says why, one
   * line. Any thread; two calls may overlap.
   */
  fulfill_adapter* (*create)(const fulfill_settings_v1* settings, void* sink,
                             void (*refuse)(void* sink, fulfill_text sentence));

  /** Frees an adapter. Called once, when none of its runs is left. Any thread. */
  void (*destroy)(fulfill_adapter* adapter);

  /** Begins an execution, up to its first wait. Null: nothing was begun; the host fails it. Host functions may be
   * called. */
  fulfill_run* (*start)(fulfill_adapter* adapter, const fulfill_start_v1* start);

  /** The answer to `http`. Unknown numbers are ignored. `answer` is lent. */
  void (*http_done)(fulfill_run* run, uint64_t operation, const fulfill_answer_v1* answer);

  /** The end of a `sleep`, or of `blocking` work. Unknown numbers are ignored. */
  void (*done)(fulfill_run* run, uint64_t operation);

  /** Ends and frees a run, wherever it is. Exactly once for each run, also after `complete` and `fail`; host functions
   *  other than `log` have no effect any more. */
  void (*cancel)(fulfill_run* run);
} fulfill_descriptor_v1;

#ifdef __cplusplus
}
#define FULFILL_LAYOUT(condition) static_assert(condition, "the layout of version 1 is frozen")
#else
#define FULFILL_LAYOUT(condition) _Static_assert(condition, "the layout of version 1 is frozen")
#endif

FULFILL_LAYOUT(sizeof(void*) == 8 && sizeof(size_t) == 8);
FULFILL_LAYOUT(sizeof(fulfill_text) == 16 && sizeof(fulfill_field) == 32 && sizeof(fulfill_failure) == 32);
FULFILL_LAYOUT(offsetof(fulfill_request_v1, url) == 24 && offsetof(fulfill_request_v1, fields) == 40);
FULFILL_LAYOUT(offsetof(fulfill_request_v1, body) == 56 && offsetof(fulfill_request_v1, has_body) == 72);
FULFILL_LAYOUT(offsetof(fulfill_request_v1, timeout_ms) == 80 && sizeof(fulfill_request_v1) >= 88);
FULFILL_LAYOUT(offsetof(fulfill_answer_v1, failure) == 8 && offsetof(fulfill_answer_v1, status) == 40);
FULFILL_LAYOUT(offsetof(fulfill_answer_v1, complete) == 44 && offsetof(fulfill_answer_v1, fields) == 48);
FULFILL_LAYOUT(offsetof(fulfill_answer_v1, body) == 64 && sizeof(fulfill_answer_v1) >= 80);
FULFILL_LAYOUT(offsetof(fulfill_host_v1, http) == 8 && offsetof(fulfill_host_v1, sleep) == 16);
FULFILL_LAYOUT(offsetof(fulfill_host_v1, progress) == 24 && offsetof(fulfill_host_v1, log) == 32);
FULFILL_LAYOUT(offsetof(fulfill_host_v1, secret) == 40 && offsetof(fulfill_host_v1, complete) == 48);
FULFILL_LAYOUT(offsetof(fulfill_host_v1, fail) == 56 && offsetof(fulfill_host_v1, blocking) == 64);
FULFILL_LAYOUT(sizeof(fulfill_host_v1) >= 72);
FULFILL_LAYOUT(offsetof(fulfill_work_v1, state) == 8 && offsetof(fulfill_work_v1, run) == 16);
FULFILL_LAYOUT(offsetof(fulfill_work_v1, release) == 24 && offsetof(fulfill_work_v1, operation) == 32);
FULFILL_LAYOUT(sizeof(fulfill_work_v1) >= 40);
FULFILL_LAYOUT(offsetof(fulfill_work_v1, attempt) == 40 && sizeof(fulfill_work_v1) >= 48);
FULFILL_LAYOUT(offsetof(fulfill_attempt_v1, after_ms) == 16 && offsetof(fulfill_attempt_v1, failure) == 24);
FULFILL_LAYOUT(sizeof(fulfill_attempt_v1) >= 56);
FULFILL_LAYOUT(offsetof(fulfill_settings_v1, settings) == 24 && offsetof(fulfill_settings_v1, secrets) == 40);
FULFILL_LAYOUT(sizeof(fulfill_settings_v1) >= 56);
FULFILL_LAYOUT(offsetof(fulfill_start_v1, caller) == 16 && offsetof(fulfill_start_v1, input) == 56);
FULFILL_LAYOUT(offsetof(fulfill_start_v1, deadline_ns) == 72 && sizeof(fulfill_start_v1) >= 80);
FULFILL_LAYOUT(offsetof(fulfill_descriptor_v1, abi_version) == 8 && offsetof(fulfill_descriptor_v1, size) == 12);
FULFILL_LAYOUT(offsetof(fulfill_descriptor_v1, name) == 24 && offsetof(fulfill_descriptor_v1, version) == 88);
FULFILL_LAYOUT(offsetof(fulfill_descriptor_v1, sdk_version) == 120 && offsetof(fulfill_descriptor_v1, compiler) == 152);
FULFILL_LAYOUT(offsetof(fulfill_descriptor_v1, create) == 248 && offsetof(fulfill_descriptor_v1, cancel) == 288);
FULFILL_LAYOUT(sizeof(fulfill_descriptor_v1) >= 296);

#undef FULFILL_LAYOUT

#endif
