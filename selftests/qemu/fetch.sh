#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fetches Debian's kernels into the cache, for users who are not root and
# without touching the machine's own apt: lists, packages and state are private,
# only the mirrors and the archive's key are the machine's.
#
#	fetch.sh stock NAME	prints the directory of the stock kernel: image,
#				modules/, build -> headers, release
#	fetch.sh source NAME	prints the directory of its source tree
#	fetch.sh sources SUITE,...	prints lines for another sources.list
#	fetch.sh deb ARCH PACKAGE...	prints a directory with what is in these packages of
#				the default kernel's suites
#
# Once there, a kernel stays until its directory is removed from the cache.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirrors that the machine itself uses, as "label uri" lines.
mirrors()
{
	# shellcheck disable=SC2016 # apt's own variables
	local format='$(ORIGIN) $(LABEL) $(REPO_URI)'

	apt-get "$@" indextargets --format "$format" 'Created-By: Packages' |
		awk '$1 == "Debian" { print $2, $3 }' | sort -u
}

# find_mirrors DIR: a machine whose lists were never fetched cannot tell, so ask
# again with private ones.
find_mirrors()
{
	local own=(-o "Dir::State::lists=$1/lists" -o APT::Sandbox::User=root)

	mirrors >"$1/mirrors"
	[ ! -s "$1/mirrors" ] || return 0
	long "asking apt for its mirrors" apt-get -q "${own[@]}" update
	mirrors "${own[@]}" >"$1/mirrors"
	[ -s "$1/mirrors" ] || die "apt knows no Debian mirror"
}

# source_line DIR SUITE
source_line()
{
	local label=Debian uri

	[ "${2%-security}" = "$2" ] || label=Debian-Security
	uri=$(awk -v l="$label" '$1 == l { print $2; exit }' "$1/mirrors")
	[ -n "$uri" ] || die "apt knows no mirror for $2"
	echo "deb [signed-by=$KEYRING] $uri $2 main"
}

# source_list DIR SUITES: makes the list in DIR, a directory of apt's state
source_list()
{
	local suite

	mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
	find_mirrors "$1"
	for suite in ${2//,/ }; do
		source_line "$1" "$suite"
	done >"$1/sources.list"
}

# apt_setup DIR SUITES [ARCH]: a private apt in DIR, for the commands that follow
apt_setup()
{
	local dir=$1

	source_list "$dir" "$2"
	: >"$dir/status"
	{
		# proxies and the like stay as they are
		apt-config dump Acquire | grep -v ::IndexTargets
		echo "Dir::Etc::parts \"/dev/null\";"
		echo "Dir::Etc::main \"/dev/null\";"
		echo "Dir::Etc::sourcelist \"$dir/sources.list\";"
		echo "Dir::Etc::sourceparts \"/dev/null\";"
		echo "Dir::Etc::preferencesparts \"/dev/null\";"
		echo "Dir::State \"$dir\";"
		echo "Dir::State::status \"$dir/status\";"
		echo "Dir::Cache \"$dir/cache\";"
		echo "APT::Architecture \"${3:-amd64}\";"
		echo "APT::Architectures { \"${3:-amd64}\"; };"
		echo "APT::Sandbox::User \"root\";"
		echo "Acquire::Languages \"none\";"
		echo "APT::Update::Error-Mode \"any\";"
	} >"$dir/apt.conf"
	export APT_CONFIG=$dir/apt.conf
	long "reading the package lists of $2" apt-get -q update
}

# depends PACKAGE REGEX: "package=version" of the matching dependencies
depends()
{
	apt-cache --no-all-versions show "$1" | sed -n 's/^Depends: //p' |
		tr , '\n' | sed -n 's/^ *\([^ ]*\) (= \([^)]*\)).*/\1=\2/p' |
		grep -E "$2" || die "$1 depends on nothing like $2"
}

version_of()
{
	apt-cache --no-all-versions show "$1" | sed -n 's/^Version: //p'
}

# kbuild_of PACKAGE=VERSION: headers name it without a version
kbuild_of()
{
	apt-cache --no-all-versions show "$1" | sed -n 's/^Depends: //p' |
		grep -o 'linux-kbuild-[^ ,]*' | head -n 1
}

# unpack DIR PACKAGE...
unpack()
{
	local dir=$1 p

	shift
	mkdir -p "$dir/deb"
	for p; do
		(cd "$dir/deb" && long "fetching $p" apt-get -q download "$p")
	done
	for p in "$dir"/deb/*.deb; do
		dpkg -x "$p" "$dir"
	done
	rm -rf "$dir/deb"
}

# The headers' makefiles name their places in /usr; they are in the cache now.
relocate()
{
	find "$1/usr/src" -maxdepth 2 -type f \
		\( -name Makefile -o -name .kernelvariables \) \
		-exec sed -i "s,/usr/\(src\|lib\)/linux-,$1/usr/\1/linux-,g" {} +
}

make_stock()
{
	local name=$1 dir=$2 suites image headers common kbuild release

	read -r suites _ <<<"$(kernel_row "$name")"
	fresh "$dir"
	apt_setup "$dir/apt" "$suites"
	image=$(depends linux-image-amd64 ^linux-image-)
	headers=$(depends linux-headers-amd64 ^linux-headers-)
	release=${headers%%=*}
	release=${release#linux-headers-}
	common=$(depends "$headers" '^linux-headers-.*-common')
	kbuild=$(kbuild_of "$headers")
	unpack "$dir" "$image" "$headers" "$common" "$kbuild"
	relocate "$dir"
	ln -s "$dir/usr/src/linux-headers-$release" "$dir/build"
	ln -s "boot/vmlinuz-$release" "$dir/image"
	depmod -b "$dir" "$release"
	echo "$release" >"$dir/release"
	echo "${image#*=}" >"$dir/version"
	rm -rf "$dir/apt"
	touch "$dir/.whole"
}

make_source()
{
	local name=$1 dir=$2 suites package

	read -r suites package <<<"$(kernel_row "$name")"
	fresh "$dir"
	apt_setup "$dir/apt" "$suites"
	unpack "$dir" "$package"
	long "unpacking $package" tar -C "$dir" --strip-components=1 \
		-xf "$dir/usr/src/$package.tar.xz"
	rm -f "$dir/usr/src/$package.tar.xz"
	version_of "$package" >"$dir/version"
	rm -rf "$dir/apt"
	touch "$dir/.whole"
}

# make_deb ARCH DIR PACKAGE...
make_deb()
{
	local arch=$1 dir=$2 suites

	shift 2
	whole "$dir" && return
	read -r suites _ <<<"$(kernel_row 6.1)"
	fresh "$dir"
	apt_setup "$dir/apt" "$suites" "$arch"
	unpack "$dir" "$@"
	rm -rf "$dir/apt"
	touch "$dir/.whole"
}

print_deb()
{
	local arch=$1 dir

	shift
	dir=$CACHE/deb/$arch-$(IFS=+; echo "$*")
	whole "$dir" || locked "deb-$arch" make_deb "$arch" "$dir" "$@"
	echo "$dir"
}

ensure()
{
	whole "$2" || "make_$3" "$1" "$2"
}

print_sources()
{
	local dir

	dir=$(mktemp -d "$CACHE/apt.XXXXXX")
	source_list "$dir" "$1"
	cat "$dir/sources.list"
	rm -rf "$dir"
}

main()
{
	local what=$1 name=${2%-kunit} dir

	if [ "$what" = sources ]; then
		print_sources "$2"
		return
	elif [ "$what" = deb ]; then
		shift
		print_deb "$@"
		return
	fi
	kernel_row "$name" >/dev/null
	dir=$CACHE/$name/$what
	whole "$dir" || locked "$name-$what" ensure "$name" "$dir" "$what"
	echo "$dir"
}

main "$@"
