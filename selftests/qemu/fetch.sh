#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fetches Debian's kernels into the cache, for users who are not root and
# without touching the machine's own apt: lists, packages and state are private,
# only the mirrors and the archive's key are the machine's.
#
#	fetch.sh stock NAME	prints the directory of the stock kernel: image,
#				modules/, build -> headers, release
#	fetch.sh source NAME	prints the directory of the source tree of its series
#	fetch.sh toolchain NAME	prints the directory of the compiler and libraries of its
#				suites, made to run from there
#	fetch.sh sources SUITE,...	prints lines for another sources.list
#	fetch.sh deb ARCH PACKAGE...	prints a directory with what is in these packages of
#				the default kernel's suites
#	fetch.sh tree ARCH PACKAGE	prints a directory with the newest stable version of the
#				package and all that it depends on
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

# private CMD...: with the private apt. Its settings are never exported: what installs
# packages here must not find them.
private()
{
	env APT_CONFIG="$apt_config" "$@"
}

# apt_setup DIR SUITES [ARCH]: a private apt in DIR, for "private"
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
	apt_config=$dir/apt.conf
	long "reading the package lists of $2" private apt-get -q update
}

version_of()
{
	private apt-cache --no-all-versions show "$1" | sed -n 's/^Version: //p'
}

# newest REGEX: "package=version" of the newest package of that name
newest()
{
	local package

	package=$(private apt-cache search --names-only "^$1\$" | cut -d ' ' -f 1 | sort -V | tail -n 1)
	[ -n "$package" ] || die "no package is named like $1"
	echo "$package=$(version_of "$package")"
}

# kbuild_of PACKAGE=VERSION: headers name it without a version
kbuild_of()
{
	private apt-cache --no-all-versions show "$1" | sed -n 's/^Depends: //p' |
		grep -o 'linux-kbuild-[^ ,]*' | head -n 1
}

# image_of PACKAGE: from 7.x on it is empty, and depends on its parts
image_of()
{
	echo "$1"
	private apt-cache --no-all-versions show "$1" | sed -n 's/^Depends: //p' |
		grep -oE 'linux-(base|binary|modules)-[0-9][^ ,]*' || true
}

# unpack DIR PACKAGE...
unpack()
{
	local dir=$1 p

	shift
	mkdir -p "$dir/deb"
	for p; do
		(cd "$dir/deb" && long "fetching $p" private apt-get -q download "$p")
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

# The host programs of newer headers want a newer C library than the machine may have.
newer_tools()
{
	local name=$1 dir=$2 root f

	[ "$(config_gcc "$dir/build")" -gt "$(gcc -dumpversion)" ] || return 0
	need patchelf
	root=$("$QEMU_DIR/fetch.sh" toolchain "$name")
	find "$dir"/usr/lib/linux-kbuild-* -type f -perm /111 | while read -r f; do
		run_from "$root" "$f"
	done
}

# run_from ROOT PROGRAM: have it use the libraries below ROOT; anything else is left alone
run_from()
{
	patchelf --print-interpreter "$2" >/dev/null 2>&1 || return 0
	patchelf --force-rpath --set-rpath "$1/usr/lib/x86_64-linux-gnu" \
		--set-interpreter "$1/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" "$2"
}

# stock_packages DIR NAME: what is to be unpacked, the release first
stock_packages()
{
	local dir=$1 name=$2 series arch kind suites headers release

	series=$(kernel "$name" series) arch=$(kernel "$name" arch)
	kind=$(kernel "$name" kind) suites=$(kernel "$name" suites)
	apt_setup "$dir/apt" "$suites" "$arch"
	headers=$(newest "linux-headers-${series//./\\.}[.+][0-9][-.+a-z0-9]*[0-9]-$kind")
	release=${headers%%=*}
	release=${release#linux-headers-}
	echo "$release"
	image_of "linux-image-$release" | tr '\n' ' '
	echo "$headers $(private apt-cache --no-all-versions show "$headers" |
		grep -oE 'linux-headers-[0-9][^ ,]*-common[^ ,]*' | head -n 1)"
	kbuild_of "$headers"
}

make_stock()
{
	local name=$1 dir=$2 release packages kbuild

	need_for build
	fresh "$dir"
	{ read -r release; read -r packages; read -r kbuild; } < <(stock_packages "$dir" "$name")
	[ -n "$kbuild" ] || die "cannot tell the packages of $name"
	apt_config=$dir/apt/apt.conf
	# shellcheck disable=SC2086 # a list of words
	unpack "$dir" $packages
	# programs that run here, whatever the kernel runs on
	if [ "$(kernel "$name" arch)" != amd64 ]; then
		apt_setup "$dir/apt-amd64" "$(kernel "$name" suites)"
	fi
	unpack "$dir" "$kbuild"
	relocate "$dir"
	ln -s "$dir/usr/src/linux-headers-$release" "$dir/build"
	newer_tools "$name" "$dir"
	# places of 7.x, in the shape of the others
	[ -d "$dir/lib" ] || ln -s usr/lib "$dir/lib"
	[ -e "$dir/boot/vmlinuz-$release" ] || install -D \
		"$dir/lib/modules/$release/vmlinuz" "$dir/boot/vmlinuz-$release"
	ln -s "boot/vmlinuz-$release" "$dir/image"
	depmod -b "$dir" "$release"
	echo "$release" >"$dir/release"
	rm -rf "$dir/apt" "$dir/apt-amd64"
	touch "$dir/.whole"
}

make_source()
{
	local name=$1 dir=$2 package

	package=linux-source-$(kernel "$name" series)
	fresh "$dir"
	apt_setup "$dir/apt" "$(kernel "$name" suites)"
	unpack "$dir" "$package"
	long "unpacking $package" tar -C "$dir" --strip-components=1 \
		-xf "$dir/usr/src/$package.tar.xz"
	rm -f "$dir/usr/src/$package.tar.xz"
	version_of "$package" >"$dir/version"
	rm -rf "$dir/apt"
	touch "$dir/.whole"
}

make_toolchain()
{
	local name=$1 dir=$2 f

	need patchelf
	fresh "$dir"
	apt_setup "$dir/apt" "$(kernel "$name" suites)"
	long "fetching a compiler of $(kernel "$name" suites)" private apt-get -qqy --download-only \
		--no-install-recommends -o Debug::NoLocking=1 install gcc libelf1 libssl3
	for f in "$dir"/apt/cache/archives/*.deb; do
		dpkg -x "$f" "$dir"
	done
	for f in "$dir"/usr/bin/* "$dir"/usr/libexec/gcc/*/*/*; do
		[ ! -f "$f" ] || [ -L "$f" ] || run_from "$dir" "$f"
	done
	rm -rf "$dir/apt"
	touch "$dir/.whole"
}

# make_deb ARCH DIR PACKAGE...
make_deb()
{
	local arch=$1 dir=$2 suites

	shift 2
	whole "$dir" && return
	suites=$(kernel 6.1 suites)
	fresh "$dir"
	apt_setup "$dir/apt" "$suites" "$arch"
	unpack "$dir" "$@"
	rm -rf "$dir/apt"
	touch "$dir/.whole"
}

# make_tree ARCH DIR PACKAGE: the package with all that it depends on, to chroot into
make_tree()
{
	local arch=$1 dir=$2 package=$3 f

	whole "$dir" && return
	fresh "$dir"
	apt_setup "$dir/apt" "$(kernel 7.2 suites)" "$arch"
	long "fetching $package and what it depends on" private apt-get -qqy --download-only \
		--no-install-recommends -o Debug::NoLocking=1 install "$package"
	for f in "$dir"/apt/cache/archives/*.deb; do
		dpkg -x "$f" "$dir"
	done
	for f in bin lib lib64 sbin; do
		[ -e "$dir/$f" ] || ln -s "usr/$f" "$dir/$f"
	done
	rm -rf "$dir/apt" "$dir"/usr/share/{doc,locale,man}
	touch "$dir/.whole"
}

print_tree()
{
	local dir=$CACHE/tree/$1-$2

	whole "$dir" || locked "tree-$1" make_tree "$1" "$dir" "$2"
	echo "$dir"
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

# where WHAT NAME: kernels that differ in nothing but how they are built share a source
where()
{
	local suites

	case $1 in
	stock)	echo "$CACHE/$2/stock" ;;
	source)	echo "$CACHE/$(kernel "$2" series)/source" ;;
	toolchain) suites=$(kernel "$2" suites)
		echo "$CACHE/toolchain/${suites//,/+}" ;;
	*)	die "fetch what? not $1" ;;
	esac
}

main()
{
	local what=$1 name=$2 dir

	if [ "$what" = sources ]; then
		print_sources "$2"
		return
	elif [ "$what" = deb ] || [ "$what" = tree ]; then
		shift
		"print_$what" "$@"
		return
	fi
	kernel "$name" series >/dev/null
	dir=$(where "$what" "$name")
	whole "$dir" || locked "${dir//\//_}" ensure "$name" "$dir" "$what"
	echo "$dir"
}

main "$@"
