/* SPDX-License-Identifier: Apache-2.0 */
/* A library with a descriptor of the next ABI only. */
#include <fulfill/abi.h>

__attribute__((visibility("default"))) const uint64_t fulfill_adapter_v2[2] = {FULFILL_MAGIC, FULFILL_ABI_VERSION + 1};
