// SPDX-License-Identifier: GPL-2.0
/*
 * The test module: all suites, no module_init() of its own (KUnit of 5.10 has one).
 */
#include <linux/module.h>

#include "oomx_test.h"

kunit_test_suites(&oomx_ring_suite,
		  &oomx_ring_model_suite,
		  &oomx_record_suite,
		  &oomx_select_suite,
		  &oomx_report_suite,
		  &oomx_explain_suite,
		  &oomx_choice_suite,
		  &oomx_outcome_suite,
		  &oomx_log_suite);

MODULE_DESCRIPTION("KUnit tests of oomx");
MODULE_LICENSE("GPL");
