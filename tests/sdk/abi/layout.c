/* SPDX-License-Identifier: Apache-2.0 */
/* Where each field of version 1 lies, and how large it is, held by the compiler: for the frozen, the present and the
   later abi.h alike. A line here is never changed; a field that is appended gets one. */
#include <fulfill/abi.h>

#define AT(structure, field, place, length)                                                        \
  _Static_assert(offsetof(fulfill_##structure, field) == (place), #structure "." #field " moved"); \
  _Static_assert(sizeof(((fulfill_##structure*)0)->field) == (length), #structure "." #field " has another size")

AT(text, data, 0, 8);
AT(text, size, 8, 8);
AT(field, name, 0, 16);
AT(field, value, 16, 16);
AT(failure, code, 0, 16);
AT(failure, message, 16, 16);

AT(request_v1, size, 0, 8);
AT(request_v1, method, 8, 16);
AT(request_v1, url, 24, 16);
AT(request_v1, fields, 40, 8);
AT(request_v1, field_count, 48, 8);
AT(request_v1, body, 56, 16);
AT(request_v1, has_body, 72, 4);
AT(request_v1, operation, 76, 4);
AT(request_v1, timeout_ms, 80, 8);

AT(answer_v1, size, 0, 8);
AT(answer_v1, failure, 8, 32);
AT(answer_v1, status, 40, 4);
AT(answer_v1, complete, 44, 4);
AT(answer_v1, fields, 48, 8);
AT(answer_v1, field_count, 56, 8);
AT(answer_v1, body, 64, 16);

AT(work_v1, size, 0, 8);
AT(work_v1, state, 8, 8);
AT(work_v1, run, 16, 8);
AT(work_v1, release, 24, 8);
AT(work_v1, operation, 32, 4);
AT(work_v1, reserved, 36, 4);
#ifdef SINCE_SDK_1_1
AT(work_v1, attempt, 40, 8);

AT(attempt_v1, size, 0, 8);
AT(attempt_v1, verdict, 8, 4);
AT(attempt_v1, reserved, 12, 4);
AT(attempt_v1, after_ms, 16, 8);
AT(attempt_v1, failure, 24, 32);

_Static_assert(FULFILL_ATTEMPT_DONE == 0 && FULFILL_ATTEMPT_AGAIN == 1 && FULFILL_ATTEMPT_BUSY == 2 &&
                   FULFILL_ATTEMPT_NOT_BEGUN == 3,
               "verdicts keep their numbers");
#endif

AT(host_v1, size, 0, 8);
AT(host_v1, http, 8, 8);
AT(host_v1, sleep, 16, 8);
AT(host_v1, progress, 24, 8);
AT(host_v1, log, 32, 8);
AT(host_v1, secret, 40, 8);
AT(host_v1, complete, 48, 8);
AT(host_v1, fail, 56, 8);
AT(host_v1, blocking, 64, 8);

AT(settings_v1, size, 0, 8);
AT(settings_v1, action, 8, 16);
AT(settings_v1, settings, 24, 8);
AT(settings_v1, setting_count, 32, 8);
AT(settings_v1, secrets, 40, 8);
AT(settings_v1, secret_count, 48, 8);

AT(start_v1, size, 0, 8);
AT(start_v1, host, 8, 8);
AT(start_v1, caller, 16, 8);
AT(start_v1, execution_id, 24, 16);
AT(start_v1, action, 40, 16);
AT(start_v1, input, 56, 16);
AT(start_v1, deadline_ns, 72, 8);

AT(descriptor_v1, magic, 0, 8);
AT(descriptor_v1, abi_version, 8, 4);
AT(descriptor_v1, size, 12, 4);
AT(descriptor_v1, host_size, 16, 4);
AT(descriptor_v1, reserved, 20, 4);
AT(descriptor_v1, name, 24, 64);
AT(descriptor_v1, version, 88, 32);
AT(descriptor_v1, sdk_version, 120, 32);
AT(descriptor_v1, compiler, 152, 96);
AT(descriptor_v1, create, 248, 8);
AT(descriptor_v1, destroy, 256, 8);
AT(descriptor_v1, start, 264, 8);
AT(descriptor_v1, http_done, 272, 8);
AT(descriptor_v1, done, 280, 8);
AT(descriptor_v1, cancel, 288, 8);

_Static_assert(FULFILL_MAGIC == UINT64_C(0x314C4C49464C5546) && FULFILL_ABI_VERSION == 1,
               "it says that it is version 1");
_Static_assert(FULFILL_OPERATION_BY_METHOD == 0 && FULFILL_OPERATION_SAFE == 1 && FULFILL_OPERATION_IDEMPOTENT == 2 &&
                   FULFILL_OPERATION_UNSAFE == 3,
               "operation classes keep their numbers");
_Static_assert(FULFILL_LOG_DEBUG == 0 && FULFILL_LOG_INFO == 1 && FULFILL_LOG_WARNING == 2 && FULFILL_LOG_ERROR == 3,
               "log levels keep their numbers");
_Static_assert(FULFILL_RESULT_OWN == 0 && FULFILL_RESULT_FROM_BACKEND == 1, "results keep their numbers");
