#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What user space relies on: the uapi header compiles alone, as C90 and as C++, and the
# files of core/ compile outside of the kernel. Prints findings; fails if there are any.

set -euo pipefail
cd "$(dirname "$0")/.."

# compile COMPILER FLAG...: standard input
compile()
{
	"$@" -Wall -Wextra -Werror -Iinclude -fsyntax-only -
}

# The macros that walk a record are part of the header: they must expand, too.
header()
{
	cat <<-'C'
		#include "uapi/oomx.h"
		unsigned long tables(const struct oomx_record *r);
		unsigned long tables(const struct oomx_record *r)
		{
			const struct oomx_section *s;
			unsigned long n = 0;

			OOMX_FOR_EACH_SECTION(r, s)
				n += s->count;
			return n;
		}
	C
}

header | compile gcc -x c -std=c90 -pedantic
header | compile g++ -x c++ -std=c++98
for file in core/*.c; do
	compile gcc -x c -std=gnu11 -Wno-unused-parameter <"$file"
done
