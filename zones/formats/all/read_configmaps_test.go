package all_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

const (
	clusterMap = `apiVersion: v1
kind: ConfigMap
metadata: {name: coredns, namespace: kube-system}
data:
  Corefile: |
    .:53 {
        import custom/*.override
        forward . 10.0.0.9
    }
    import custom/*.server
`
	customMap = `apiVersion: v1
kind: ConfigMap
metadata: {name: NAME, namespace: kube-system}
data:
  aura.server: |
    a.test:53 {
        hosts {
            10.0.0.1 x.a.test
        }
    }
  aura.override: |
    hosts {
        10.0.0.2 y.test
        fallthrough
    }
`
	// clusterPods mounts both as AKS does.
	clusterPods = `apiVersion: apps/v1
kind: Deployment
metadata: {name: coredns, namespace: kube-system}
spec:
  template:
    spec:
      containers:
      - name: coredns
        image: registry.k8s.io/coredns/coredns:v1.11.1
        args: ["-conf", "/etc/coredns/Corefile"]
        volumeMounts:
        - {name: config-volume, mountPath: /etc/coredns, readOnly: true}
        - {name: more, mountPath: /etc/coredns/custom, readOnly: true}
      volumes:
      - name: config-volume
        configMap: {name: coredns, items: [{key: Corefile, path: Corefile}]}
      - name: more
        configMap: {name: NAME, optional: true}
`
)

// TestConfigMapsTogether: what a Corefile imports is mounted beside it, in whichever file its ConfigMap
// is given, and no other ConfigMap is.
func TestConfigMapsTogether(t *testing.T) {
	named := func(text, name string) string { return strings.ReplaceAll(text, "NAME", name) }
	theirs, mine := named(customMap, "coredns-custom"), named(customMap, "aura")
	const leftOut = "is imported by no Corefile that is read"
	projected := strings.Replace(named(clusterPods, "aura"), "configMap: {name: aura, optional: true}", "projected: {sources: [{configMap: {name: aura}}]}", 1)
	file := strings.Replace(named(clusterPods, "aura"), "mountPath: /etc/coredns/custom", "mountPath: /etc/coredns/custom/aura.server, subPath: aura.server", 1)
	for name, tt := range map[string]struct {
		files []string
		want  string // the names that are answered here, and what is told
	}{
		"two files":                     {[]string{clusterMap, theirs}, "x.a.test y.test"},
		"one file":                      {[]string{clusterMap + "---\n" + theirs}, "x.a.test y.test"},
		"another namespace":             {[]string{clusterMap, strings.Replace(theirs, "kube-system", "default", 1)}, leftOut},
		"another name":                  {[]string{clusterMap, mine}, leftOut},
		"another name that is mounted":  {[]string{clusterMap, mine, named(clusterPods, "aura")}, "x.a.test y.test"},
		"likewise, with others":         {[]string{clusterMap, mine, projected}, "x.a.test y.test"},
		"one entry alone":               {[]string{clusterMap, mine, file}, "x.a.test " + leftOut},
		"that which is not mounted":     {[]string{clusterMap, theirs, named(clusterPods, "aura")}, leftOut},
		"mounted elsewhere":             {[]string{clusterMap, mine, strings.Replace(named(clusterPods, "aura"), "coredns/custom", "coredns/other", 1)}, leftOut},
		"imported from elsewhere":       {[]string{strings.ReplaceAll(clusterMap, "custom/", "/etc/other/"), theirs}, leftOut},
		"by their whole paths":          {[]string{strings.ReplaceAll(clusterMap, "custom/", "/etc/coredns/custom/"), theirs}, "x.a.test y.test"},
		"of which one half is imported": {[]string{strings.Replace(clusterMap, "    import custom/*.server\n", "", 1), theirs}, "y.test " + leftOut},
		"with octets":                   {[]string{clusterMap, strings.ReplaceAll(theirs, "data:\n  aura.server", "binaryData:\n  aura.server: eC50ZXN0IHsKaG9zdHMgewoxMC4wLjAuMyB6LngudGVzdAp9Cn0K\ndata:\n  other.server")}, "x.a.test z.x.test y.test"},
	} {
		for _, files := range [][]string{tt.files, reversed(tt.files)} {
			b := holdings.NewBuilder()
			for i, text := range files {
				if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: "f" + string(rune('0'+i))}); err != nil {
					t.Fatal(err)
				}
			}
			set := b.Set()
			var found []string
			for e := range set.All() {
				if len(e.Data().Addrs) > 0 {
					found = append(found, strings.TrimSuffix(e.Name(), "."))
				}
			}
			if slices.ContainsFunc(told(set), func(note string) bool { return strings.Contains(note, leftOut) }) {
				found = append(found, leftOut)
			}
			if got := strings.Join(found, " "); got != tt.want {
				t.Errorf("%s: has %q, want %q", name, got, tt.want)
			}
		}
	}
}
