/* SPDX-License-Identifier: Apache-2.0 */
/* That the edge is plain C, layout assertions included, is held by the compiler: this file is C. */
#include <fulfill/abi.h>

const size_t fulfill_size_seen_by_c = sizeof(fulfill_descriptor_v1);
