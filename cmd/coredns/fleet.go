//go:build full || fleet

package main

import (
	_ "github.com/auralink/auralink/plugin/fleet" // etcd:// behind auralink
)
