#!/bin/sh
# @WRITTEN@
# Usage: resolvectl.sh LINK, as the root user, when the link is up.
set -eu
@CALLS@
