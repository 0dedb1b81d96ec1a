#!/bin/sh
# Makes ./configure in a checkout; a tarball has it already.
set -eu
cd "$(dirname "$0")"

for need in autoreconf:autoconf automake:automake pkg-config:pkg-config; do
	command -v "${need%%:*}" >/dev/null || {
		echo "autogen.sh: no ${need%%:*}: apt-get install ${need#*:}" >&2
		exit 1
	}
done
exec autoreconf --force --install --warnings=all,no-portability
