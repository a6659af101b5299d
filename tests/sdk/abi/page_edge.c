/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin of version 1.0.0 whose structs end where its memory ends: a host that reads more of them than `size` says is
   killed. It makes a call, has work done, and completes with the number of times that its work ran. */
#define _DEFAULT_SOURCE
#include <fulfill/abi.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 65536 }; /* a multiple of any page size */

struct fulfill_run {
  const fulfill_host_v1* host;
  fulfill_caller* caller;
  char* pages; /* the second of the two may not be touched */
  int ran;
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

static void ask_for_call(fulfill_run* run) {
  fulfill_request_v1* request = (fulfill_request_v1*)(run->pages + PAGE - sizeof *request);
  fulfill_failure failure;
  memset(request, 0, sizeof *request);
  request->size = sizeof *request;
  request->method = text("GET");
  request->url = text("http://b/");
  if (run->host->http(run->caller, request, &failure) == 0) run->host->fail(run->caller, failure.code, failure.message);
}

static void do_work(void* state) { ++*(int*)state; }
static void release_work(void* state) { (void)state; }

static void ask_for_work(fulfill_run* run) {
  fulfill_work_v1* work = (fulfill_work_v1*)(run->pages + PAGE - sizeof *work);
  fulfill_failure failure;
  work->size = sizeof *work;
  work->state = &run->ran;
  work->run = do_work;
  work->release = release_work;
  if (run->host->blocking(run->caller, work, &failure) == 0)
    run->host->fail(run->caller, failure.code, failure.message);
}

static void cancel(fulfill_run* run) {
  munmap(run->pages, 2 * PAGE);
  free(run);
}

static fulfill_run* start(fulfill_adapter* adapter, const fulfill_start_v1* start) {
  fulfill_run* run = calloc(1, sizeof *run);
  (void)adapter;
  if (run == NULL) return NULL;
  run->host = start->host;
  run->caller = start->caller;
  run->pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (run->pages == MAP_FAILED || mprotect(run->pages + PAGE, PAGE, PROT_NONE) != 0) abort();
  ask_for_call(run);
  return run;
}

static void http_done(fulfill_run* run, uint64_t operation, const fulfill_answer_v1* answer) {
  (void)operation;
  (void)answer;
  ask_for_work(run);
}
static void done(fulfill_run* run, uint64_t operation) {
  (void)operation;
  run->host->complete(run->caller, text(run->ran == 1 ? "1" : "0"), FULFILL_RESULT_OWN);
}

__attribute__((visibility("default"))) const fulfill_descriptor_v1 fulfill_adapter_v1 = {FULFILL_MAGIC,
                                                                                         FULFILL_ABI_VERSION,
                                                                                         sizeof(fulfill_descriptor_v1),
                                                                                         sizeof(fulfill_host_v1),
                                                                                         0,
                                                                                         "page_edge",
                                                                                         "1",
                                                                                         FULFILL_SDK_VERSION,
                                                                                         "a compiler",
                                                                                         create,
                                                                                         destroy,
                                                                                         start,
                                                                                         http_done,
                                                                                         done,
                                                                                         cancel};
