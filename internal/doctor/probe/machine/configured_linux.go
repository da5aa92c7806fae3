package machine

import "io/fs"

// configured reads how a machine asks for names.
func configured(files fs.FS) (Resolver, error) { return readResolvConf(files, "etc/resolv.conf") }
