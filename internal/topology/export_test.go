package topology

import "flag"

// Update says to write the goldens and the schema instead of comparing them.
var Update = flag.Bool("update", false, "write the goldens and the schema")
