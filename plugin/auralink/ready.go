package auralink

// Ready reports whether every instance of the plugin in this process has a plan
// to serve. It implements the ready plugin's Readiness, which asks only one of
// several instances. A server never starts without a plan, and once there was
// one there always is: a bad topology does not make a running server unready.
func (a *Auralink) Ready() bool {
	return instances.all(func(a *Auralink) bool { return a.served.Load() != nil })
}
