package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dial"
	"github.com/auralink/auralink/internal/doctor/probe/machine"
)

// proxied returns a probe for each proxy of the environment that HTTPS goes through,
// and one name of each link: programs that know the variable do so, and where a proxy
// stands outside, it does not reach the link. All other probes go without.
func (p *prober) proxied() []doctor.Probe {
	var probes []doctor.Probe
	for _, proxy := range p.proxies() {
		for _, link := range p.subject.Links {
			name, has := p.silentName(link.Region)
			if has && !exempt(name, proxy.exempt) {
				probes = append(probes, p.byProxy(name, proxy))
			}
		}
	}
	return probes
}

// proxy is one of the environment.
type proxy struct {
	url    *url.URL // with credentials
	plain  string   // without
	exempt string
}

// proxies returns those that HTTPS goes through, none twice.
func (p *prober) proxies() []proxy {
	var all []proxy
	for _, found := range machine.Proxies(p.tools.Getenv) {
		if strings.EqualFold(found.Variable, "http_proxy") {
			continue // it is for http:// alone
		}
		u, err := machine.ParseProxy(p.tools.Getenv(found.Variable))
		known := slices.ContainsFunc(all, func(other proxy) bool { return other.plain == found.URL })
		if err == nil && !known {
			all = append(all, proxy{url: u, plain: found.URL, exempt: found.Exempt})
		}
	}
	return all
}

// exempt reports whether NO_PROXY has a name: as it is, or a domain above it.
func exempt(name, list string) bool {
	for entry := range strings.SplitSeq(list, ",") {
		entry = dnsname.Lower(strings.TrimSpace(entry))
		host, _, _ := strings.Cut(entry, ":")
		host = strings.TrimPrefix(strings.TrimPrefix(host, "*"), ".")
		if entry == "*" || host != "" && dnsname.AtOrBelow(name, host) {
			return true
		}
	}
	return false
}

// byProxy asks for the discovery document of a name through a proxy.
func (p *prober) byProxy(name string, via proxy) doctor.Probe {
	return &asking{
		kind: doctor.KindHTTPS, name: fmt.Sprintf("https %s by the proxy %s", name, via.plain),
		proves: fmt.Sprintf("programs that go through %s reach %s", via.plain, name),
		ask: func(ctx context.Context) doctor.Evidence {
			leave, err := p.dialer.Enter(ctx, via.url.Hostname())
			if err != nil {
				return doctor.Evidence{NotProbed: notAsked(err)}
			}
			defer leave()
			h := &doctor.HTTPS{Spot: doctor.Spot{Port: doctor.PortHTTPS, Name: name}, Proxy: via.plain, Clock: p.tools.Now()}
			h.Addr, _ = netip.ParseAddr(via.url.Hostname()) // it may be a name
			err = p.askByProxy(ctx, via.url, h)
			h.Outcome, h.Error, h.Alert = dial.Outcome(err), dial.Text(err), alertOf(err)
			return doctor.Evidence{HTTPS: h}
		},
	}
}

func (p *prober) askByProxy(ctx context.Context, via *url.URL, h *doctor.HTTPS) error {
	ctx, cancel := context.WithTimeout(ctx, 2*p.dialer.Patience)
	defer cancel()
	transport := &http.Transport{
		Proxy:             http.ProxyURL(via),
		TLSClientConfig:   &tls.Config{ServerName: h.Name, InsecureSkipVerify: true}, // see dial.Secure
		DisableKeepAlives: true,
	}
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(documentRequest(h.Name).WithContext(ctx))
	if err != nil {
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), err)
		}
		return err
	}
	defer response.Body.Close()
	return describe(response, h)
}
