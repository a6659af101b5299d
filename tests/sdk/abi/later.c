/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin in plain C as an SDK to come might make one: longer structs, whose additions are used, values of
   enumerations that no host of today knows, and a descriptor of version 2 beside that of version 1. It makes one call
   and completes with the sizes that its host stated. */
#include <fulfill/abi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LATER_OPERATION = 77, LATER_LEVEL = 99, LATER_SOURCE = 9 };

struct fulfill_run {
  const fulfill_host_v1* host;
  fulfill_caller* caller;
  size_t start_size;
};

static fulfill_text text(const char* words) {
  const fulfill_text lent = {words, strlen(words)};
  return lent;
}

static fulfill_adapter* create(const fulfill_settings_v1* settings, void* sink, void (*refuse)(void*, fulfill_text)) {
  (void)settings;
  (void)sink;
  (void)refuse;
  return (fulfill_adapter*)malloc(1);
}
static void destroy(fulfill_adapter* adapter) { free(adapter); }

static fulfill_run* start(fulfill_adapter* adapter, const fulfill_start_v1* start) {
  fulfill_run* run = malloc(sizeof *run);
  fulfill_request_v1 request;
  fulfill_failure failure;
  (void)adapter;
  if (run == NULL) return NULL;
  run->host = start->host;
  run->caller = start->caller;
  run->start_size = start->size;
  run->host->log(run->caller, LATER_LEVEL, text("a level to come"));
  memset(&request, 0, sizeof request);
  request.size = sizeof request;
  request.method = text("GET");
  request.url = text("http://b/");
  request.operation = LATER_OPERATION;
  memset(request.of_a_later_sdk, 0xFF, sizeof request.of_a_later_sdk);
  if (run->host->http(run->caller, &request, &failure) == 0)
    run->host->fail(run->caller, failure.code, failure.message);
  return run;
}

static void http_done(fulfill_run* run, uint64_t operation, const fulfill_answer_v1* answer) {
  char json[128];
  (void)operation;
  (void)snprintf(json, sizeof json, "{\"host\":%zu,\"start\":%zu,\"answer\":%zu}", run->host->size, run->start_size,
                 answer->size);
  run->host->complete(run->caller, text(json), LATER_SOURCE);
}
static void done(fulfill_run* run, uint64_t operation) {
  (void)run;
  (void)operation;
}
static void cancel(fulfill_run* run) { free(run); }

__attribute__((visibility("default"))) const fulfill_descriptor_v1 fulfill_adapter_v1 = {FULFILL_MAGIC,
                                                                                         FULFILL_ABI_VERSION,
                                                                                         sizeof(fulfill_descriptor_v1),
                                                                                         LATER_HOST_SIZE,
                                                                                         0,
                                                                                         "later",
                                                                                         "1",
                                                                                         FULFILL_SDK_VERSION,
                                                                                         "a compiler",
                                                                                         create,
                                                                                         destroy,
                                                                                         start,
                                                                                         http_done,
                                                                                         done,
                                                                                         cancel,
                                                                                         {1, 2, 3, 4}};

__attribute__((visibility("default"))) const uint64_t fulfill_adapter_v2[2] = {FULFILL_MAGIC, 2};
