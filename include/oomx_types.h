/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What core/ may use: fixed-width types, memory and string functions, snprintf.
 * The same core files are compiled into the module, the tests and user space.
 */
#ifndef _OOMX_TYPES_H
#define _OOMX_TYPES_H

#ifdef __KERNEL__
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/build_bug.h>
#else
#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

#define S64_MIN		INT64_MIN
#define S64_MAX		INT64_MAX
#define U64_MAX		UINT64_MAX
#define U32_MAX		UINT32_MAX
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#ifndef __printf
#define __printf(f, a)	/* the builds of the module and the tool check the formats */
#endif
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b) ((type)(a) > (type)(b) ? (type)(a) : (type)(b))
#endif

#include "uapi/oomx.h"

/* A counter that may be unknown: @known is false, then @v is 0. */
struct oomx_opt {
	u64 v;
	bool known;
};

static inline struct oomx_opt oomx_known(u64 v)
{
	return (struct oomx_opt){ .known = true, .v = v };
}

/* Differences and sizes that wrap: damaged records hold any numbers. */
static inline s64 oomx_minus(s64 a, s64 b)
{
	return (s64)((u64)a - (u64)b);
}

static inline u64 oomx_magnitude(s64 v)
{
	return v < 0 ? -(u64)v : (u64)v;
}

#endif /* _OOMX_TYPES_H */
