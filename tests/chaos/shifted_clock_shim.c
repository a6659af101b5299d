/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LD_PRELOAD: a wall clock that jumps. By how many seconds it is wrong is the number (8 bytes) in the file
 * FULFILLD_SHIFTED_CLOCK, which is mapped, so a test may change it at any time. Monotonic clocks stay right.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t right = 0;
static const volatile int64_t* shift = &right;

__attribute__((constructor)) static void prepare(void) {
  const char* control = getenv("FULFILLD_SHIFTED_CLOCK");
  if (control == NULL) return;
  const int file = open(control, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  void* mapped = mmap(NULL, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) shift = mapped;
}

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

int clock_gettime(clockid_t clock, struct timespec* now) {
  static __typeof__(&clock_gettime) real;
  if (real == NULL) real = REAL(clock_gettime);
  const int result = real(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += *shift;
  return result;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  static int (*real)(struct timeval*, void*);
  if (real == NULL) real = (int (*)(struct timeval*, void*))dlsym(RTLD_NEXT, "gettimeofday");
  const int result = real(now, zone);
  if (result == 0) now->tv_sec += *shift;
  return result;
}

int timespec_get(struct timespec* now, int base) {
  static __typeof__(&timespec_get) real;
  if (real == NULL) real = REAL(timespec_get);
  const int result = real(now, base);
  if (result == TIME_UTC) now->tv_sec += *shift;
  return result;
}

time_t time(time_t* now) {
  static __typeof__(&time) real;
  if (real == NULL) real = REAL(time);
  const time_t result = real(NULL) + *shift;
  if (now != NULL) *now = result;
  return result;
}
