/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LD_PRELOAD: a disk that fails on demand. Concerns the files below FULFILLD_FAULTY_DISK only. What it does is the
 * first byte of the file FULFILLD_FAULTY_DISK_MODE, which is mapped, so a test may change it at any time: 0  nothing f
 * full: writes that would need space fail with ENOSPC, the larger of them after their first half w  every write fails
 * with EIO s  every sync fails with EIO; what was written stays written r  read-only: writes, and opening for writing,
 * fail with EROFS l  slow: a sync takes 500 ms
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char* directory = "";
static const volatile char* mode_byte = "\0";

__attribute__((constructor)) static void prepare(void) {
  const char* wanted = getenv("FULFILLD_FAULTY_DISK");
  const char* control = getenv("FULFILLD_FAULTY_DISK_MODE");
  if (wanted == NULL || control == NULL) return;
  const int file = open(control, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  void* mapped = mmap(NULL, 1, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped == MAP_FAILED) return;
  mode_byte = mapped;
  directory = wanted;
}

static char mode(void) { return *mode_byte; }

static int concerns_path(const char* path) {
  const size_t length = strlen(directory);
  return length > 0 && strncmp(path, directory, length) == 0 && path[length] == '/';
}

static int concerns(int file) {
  char name[40];
  char path[4096];
  const int error = errno;
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(name, path, sizeof path - 1);
  errno = error;
  if (length <= 0) return 0;
  path[length] = '\0';
  return concerns_path(path);
}

/* The error that a write to the file meets now, or 0. */
static int write_error(int file) {
  switch (mode()) {
    case 'f':
      return concerns(file) ? ENOSPC : 0;
    case 'w':
      return concerns(file) ? EIO : 0;
    case 'r':
      return concerns(file) ? EROFS : 0;
    default:
      return 0;
  }
}

/* How much of a write still succeeds before the error. */
static size_t before_error(int error, size_t size) { return error == ENOSPC && size > 512 ? size / 2 : 0; }

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void* bytes, size_t size) {
  static __typeof__(&write) real;
  if (real == NULL) real = REAL(write);
  const int error = write_error(file);
  if (error == 0) return real(file, bytes, size);
  const size_t first = before_error(error, size);
  if (first > 0) return real(file, bytes, first);
  errno = error;
  return -1;
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  static __typeof__(&pwrite64) real;
  if (real == NULL) real = REAL(pwrite64);
  const int error = write_error(file);
  if (error == 0) return real(file, bytes, size, offset);
  const size_t first = before_error(error, size);
  if (first > 0) return real(file, bytes, first, offset);
  errno = error;
  return -1;
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) { return pwrite64(file, bytes, size, offset); }

int ftruncate64(int file, off64_t size) {
  static __typeof__(&ftruncate64) real;
  if (real == NULL) real = REAL(ftruncate64);
  struct stat found;
  const int error = write_error(file);
  /* A full disk still lets go of space. */
  const int shrinks = error == ENOSPC && fstat(file, &found) == 0 && size <= found.st_size;
  if (error == 0 || shrinks) return real(file, size);
  errno = error;
  return -1;
}

int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

int fallocate64(int file, int how, off64_t offset, off64_t size) {
  static __typeof__(&fallocate64) real;
  if (real == NULL) real = REAL(fallocate64);
  const int error = write_error(file);
  if (error == 0) return real(file, how, offset, size);
  errno = error;
  return -1;
}

int fallocate(int file, int how, off_t offset, off_t size) { return fallocate64(file, how, offset, size); }

int posix_fallocate64(int file, off64_t offset, off64_t size) {
  static __typeof__(&posix_fallocate64) real;
  if (real == NULL) real = REAL(posix_fallocate64);
  const int error = write_error(file);
  return error == 0 ? real(file, offset, size) : error;
}

int posix_fallocate(int file, off_t offset, off_t size) { return posix_fallocate64(file, offset, size); }

static int sync_fails(int file) {
  const char now = mode();
  if ((now != 's' && now != 'l') || !concerns(file)) return 0;
  if (now == 's') return 1;
  const struct timespec half_a_second = {0, 500 * 1000 * 1000};
  nanosleep(&half_a_second, NULL);
  return 0;
}

int fsync(int file) {
  static __typeof__(&fsync) real;
  if (real == NULL) real = REAL(fsync);
  if (!sync_fails(file)) return real(file);
  errno = EIO;
  return -1;
}

int fdatasync(int file) {
  static __typeof__(&fdatasync) real;
  if (real == NULL) real = REAL(fdatasync);
  if (!sync_fails(file)) return real(file);
  errno = EIO;
  return -1;
}

/* The error that opening the file meets now, or 0. */
static int open_error(const char* path, int flags) {
  const char now = mode();
  if (now != 'r' && now != 'f') return 0;
  if ((flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) == 0 || !concerns_path(path)) return 0;
  if (now == 'r') return EROFS;
  return (flags & O_CREAT) != 0 && access(path, F_OK) != 0 ? ENOSPC : 0;
}

static unsigned permissions_of(int flags, va_list rest) {
  return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(rest, unsigned) : 0;
}

int open64(const char* path, int flags, ...) {
  static int (*real)(const char*, int, ...);
  if (real == NULL) real = REAL(open64);
  va_list rest;
  va_start(rest, flags);
  const unsigned permissions = permissions_of(flags, rest);
  va_end(rest);
  const int error = open_error(path, flags);
  if (error == 0) return real(path, flags, permissions);
  errno = error;
  return -1;
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned permissions = permissions_of(flags, rest);
  va_end(rest);
  return open64(path, flags, permissions);
}
