package fastpath

import (
	"slices"
)

// Tenant is one configuration's use of the sockets of an address.
type Tenant struct {
	group      *group
	sockets    int
	responders *responders
	misses     *Misses
	watch      func(Health) // nil if nobody wants to know
	told       int          // how many sockets work, as watch was told
}

// Watch has a function called when sockets of the tenant stop working, or work again,
// while the tenant serves. Watch must be called before Serve. The function must not
// call this package.
func (c *Tenant) Watch(watch func(Health)) { c.watch = watch }

// Misses returns where queries come from that no Responder of this tenant
// answers.
func (c *Tenant) Misses() *Misses { return c.misses }

// Serve has queries answered by this tenant from now on: fresh makes a Responder for
// each socket. The tenant that served before serves no more. The other server has
// others sockets by now.
func (c *Tenant) Serve(fresh func() Responder, others int) error {
	opened.Lock()
	defer opened.Unlock()
	g := c.group
	c.responders = &responders{fresh}
	g.current = c
	g.responders.Store(c.responders)
	for _, s := range g.sockets {
		s.start()
	}
	g.order = g.order.reconcile(others)
	c.told = c.sockets
	g.tell()
	return g.steer()
}

// Drain gives the tenant up.
//
// If it is the only tenant, all packets go to the other server from now on. Drain
// returns when the packets that came before are answered, or wait in Misses. Replies
// to those can be sent until Close.
//
// If there are other tenants, and this one serves, the tenant before it serves again.
// Without one before it, the other server has the packets until the next tenant serves.
//
// The other server has others sockets that will be left.
func (c *Tenant) Drain(others int) {
	opened.Lock()
	defer opened.Unlock()
	g := c.group
	if !slices.Contains(g.tenants, c) {
		return
	}
	g.tenants = slices.DeleteFunc(g.tenants, func(other *Tenant) bool { return other == c })
	g.order = g.order.reconcile(others)
	if len(g.tenants) == 0 {
		delete(opened.groups, keyOf(g.address))
		g.drain()
		return
	}
	if g.current != c {
		return
	}
	for _, other := range slices.Backward(g.tenants) {
		if other.responders != nil {
			g.current = other
			g.responders.Store(other.responders)
			_ = g.steer()
			return
		}
	}
	// The next one is about to serve. What this one's Responders would say may hold
	// no more, so that what comes until then is for the other server.
	g.current = nil
	_ = g.steer()
}

// Idle reports whether nothing is left to be done after Drain.
func (c *Tenant) Idle() bool {
	opened.Lock()
	defer opened.Unlock()
	return len(c.group.tenants) > 0 || c.misses.Pending() == 0
}

// Close ends what Drain has left: from now on replies cannot be sent. It must
// come after Drain.
func (c *Tenant) Close() {
	opened.Lock()
	defer opened.Unlock()
	_ = c.misses.Close()
	if g := c.group; len(g.tenants) == 0 && len(g.sockets) > 0 {
		g.sockets[0].conn.unsteer()
		g.closeLast()
	}
}

// Count is what became of the packets of the tenant's address.
func (c *Tenant) Count() Counts {
	opened.Lock()
	defer opened.Unlock()
	return c.group.count()
}
