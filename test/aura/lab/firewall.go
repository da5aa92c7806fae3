//go:build linux

package lab

import (
	"fmt"
	"strings"
)

// NFT has the host's firewall read a file of nft.
func (h Host) NFT(text string) error {
	cmd := h.Command("nft", "-f", "-")
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the firewall of %q: %w\n%s%s", h, err, text, out)
	}
	return nil
}

// Firewall has the host drop, reject or otherwise treat packets that it sends, gets or
// routes: each rule is of nft, such as "ip daddr 10.10.10.10 tcp dport 7687 drop". It
// replaces what was there before; none opens it.
func (h Host) Firewall(rules ...string) error {
	var b strings.Builder
	fmt.Fprintln(&b, "table inet lab\ndelete table inet lab\ntable inet lab {")
	for _, hook := range []string{"input", "forward", "output"} {
		fmt.Fprintf(&b, "chain %s {\ntype filter hook %s priority 0;\n%s\n}\n", hook, hook, strings.Join(rules, "\n"))
	}
	fmt.Fprintln(&b, "}")
	return h.NFT(b.String())
}
