// SPDX-License-Identifier: GPL-2.0
/* Preprocessed only: which enumerators are there? */
#include <linux/memcontrol.h>
#include <linux/mmzone.h>
