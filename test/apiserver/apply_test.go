package apiserver_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1" // whose types controller-gen reads
)

// manifests are where the manifests stand.
const manifests = "../../deploy/kubernetes"

// applied are the kustomizations, in the order of docs/kubernetes.md.
var applied = []string{
	"base", "examples/cluster", "examples/sidecar", "stub-domain/coredns", "stub-domain/node-local-dns", "stub-domain/kube-dns",
}

// TestApply applies everything to one API server, as its user does, and looks at what
// has become of it.
func TestApply(t *testing.T) {
	c := start(t)
	c.applyAll()
	c.admitPods()
	c.changeTopology()
	c.refuse()
	c.large()
}

// with runs a part with a test of its own.
func (c *cluster) with(name string, f func(c *cluster)) {
	c.Helper()
	c.Run(name, func(t *testing.T) { f(&cluster{t, c.dir}) })
}

// applyAll applies each kustomization: first as the server would, then really, then
// again, by which nothing changes.
func (c *cluster) applyAll() {
	c.with("no operator", func(c *cluster) {
		out, err := c.kubectl("", "apply", "--kustomize", filepath.Join(manifests, "examples/cluster"))
		if err == nil || !strings.Contains(out, `no matches for kind "ServiceMonitor"`) {
			c.Errorf("without the Prometheus operator: %v\n%s", err, out)
		}
	})
	c.must("", "apply", "--server-side", "--filename", c.operator())
	c.must("", "wait", "--for", "condition=Established", "crd/servicemonitors.monitoring.coreos.com")
	// What controllers make, of which there are none.
	c.must("", "create", "serviceaccount", "default", "--namespace", "default")
	c.must("", "apply", "--filename", filepath.Join(manifests, "base/namespace.yaml"))
	for _, dir := range applied {
		c.with(dir, func(c *cluster) {
			at := filepath.Join(manifests, dir)
			dry := c.must("", "apply", "--kustomize", at, "--dry-run=server")
			done := c.must("", "apply", "--kustomize", at)
			c.Log(done)
			if diff := cmp.Diff(strings.ReplaceAll(dry, " (server dry run)", ""), done); diff != "" {
				c.Errorf("done otherwise than announced (-dry run +done):\n%s", diff)
			}
			before := c.versions(at)
			c.must("", "apply", "--kustomize", at) // says of a budget that it was configured, each time
			if diff := cmp.Diff(before, c.versions(at)); diff != "" {
				c.Errorf("applied again, it is another one (-before +after):\n%s", diff)
			}
		})
	}
}

// versions returns which versions of a kustomization's objects there are, a line each.
func (c *cluster) versions(dir string) string {
	c.Helper()
	return c.must("", "get", "--kustomize", dir, "--output", `jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.resourceVersion}{"\n"}{end}`)
}

// operator returns the file with the Prometheus operator's definition of a
// ServiceMonitor, made from its types as the operator's own is.
func (c *cluster) operator() string {
	c.Helper()
	cmd := exec.Command(filepath.Join(programs, "controller-gen"),
		"crd", "paths=github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1", "output:crd:dir="+c.path("definitions"))
	if out, err := cmd.CombinedOutput(); err != nil {
		c.Fatalf("controller-gen: %v\n%s", err, out)
	}
	return c.path("definitions/monitoring.coreos.com_servicemonitors.yaml")
}

// admitPods: pods as the deployments describe them are admitted, with the rules of their
// namespaces; there is no controller that would make them.
func (c *cluster) admitPods() {
	for _, deployment := range []struct{ namespace, name string }{{"auralink", "auralink"}, {"default", "application"}} {
		c.with("a pod of "+deployment.name, func(c *cluster) {
			out := c.must(c.pod(deployment.namespace, deployment.name, nil), "create", "--dry-run=server", "--filename", "-")
			c.Log(out)
		})
	}
	c.with("a pod that may be root", func(c *cluster) {
		pod := c.pod("auralink", "auralink", func(spec map[string]any) {
			delete(spec, "securityContext")
			delete(spec["containers"].([]any)[0].(map[string]any), "securityContext")
		})
		c.refused(pod, `violates PodSecurity "restricted`, "create", "--dry-run=server", "--filename", "-")
	})
}

// pod returns a pod as a deployment describes it, changed.
func (c *cluster) pod(namespace, deployment string, change func(spec map[string]any)) string {
	c.Helper()
	var read struct {
		Spec struct {
			Template struct {
				Metadata, Spec map[string]any
			}
		}
	}
	text := c.must("", "get", "deployment", deployment, "--namespace", namespace, "--output", "json")
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		c.Fatal(err)
	}
	meta, spec := read.Spec.Template.Metadata, read.Spec.Template.Spec
	meta["name"], meta["namespace"] = "pod", namespace
	if change != nil {
		change(spec)
	}
	out, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec})
	if err != nil {
		c.Fatal(err)
	}
	return string(out)
}

// refused runs kubectl, which must be refused, by those words.
func (c *cluster) refused(input, words string, args ...string) {
	c.Helper()
	out, err := c.kubectl(input, args...)
	if err == nil || !strings.Contains(out, words) {
		c.Errorf("kubectl %s: %v, want %q\n%.2000s", strings.Join(args, " "), err, words, out)
		return
	}
	for line := range strings.Lines(out) {
		if strings.Contains(line, words) {
			c.Logf("%.300s", strings.TrimSpace(line))
		}
	}
}

// copied copies the example with the manifests that it needs, as docs/kubernetes.md
// says, and returns where the copy of the example is.
func (c *cluster) copied() string {
	c.Helper()
	to := c.TempDir()
	if err := os.CopyFS(to, os.DirFS(manifests)); err != nil {
		c.Fatal(err)
	}
	return filepath.Join(to, "examples/cluster")
}

// get returns one field of an object in the namespace auralink.
func (c *cluster) get(object, field string) string {
	c.Helper()
	return c.must("", "get", object, "--namespace", "auralink", "--output", "jsonpath={"+field+"}")
}

// changeTopology: a changed topology is in the same map, whole, and no pod is started
// anew.
func (c *cluster) changeTopology() {
	c.with("another topology", func(c *cluster) {
		example := c.copied()
		path := filepath.Join(example, "topology.yaml")
		text, err := os.ReadFile(path)
		if err != nil {
			c.Fatal(err)
		}
		changed := strings.Replace(string(text), "10.10.10.10", "10.10.10.99", 1)
		if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
			c.Fatal(err)
		}
		c.must("", "apply", "--kustomize", example) // the names of the copy's parts are the same
		version, generation := c.get("configmap/auralink", ".metadata.resourceVersion"), c.get("deployment/auralink", ".metadata.generation")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			c.Fatal(err)
		}
		c.must("", "apply", "--kustomize", example)
		if got := c.get("configmap/auralink", `.data.topology\.yaml`); got != strings.TrimSpace(string(text)) {
			c.Errorf("the map has\n%s\nwant\n%s", got, text)
		}
		if now := c.get("configmap/auralink", ".metadata.resourceVersion"); now == version {
			c.Error("the map is the one that it was")
		}
		if now := c.get("deployment/auralink", ".metadata.generation"); now != generation {
			c.Errorf("the deployment is of generation %s, and was of %s: its pods would be started anew", now, generation)
		}
	})
}

// refuse: what is wrong with a change is said, and nothing of it is taken.
func (c *cluster) refuse() {
	for _, tt := range []struct{ what, object, words string }{
		{"an unknown field", `{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"port": []}}`, `unknown field "spec.port"`},
		{"an address outside of the range of services", service("x", "10.97.0.53"), "the provided network does not match the current range"},
		{"an address that is taken", service("x", "10.96.0.53"), "provided IP is already allocated"},
		{"an address that is another one", service("auralink", "10.96.0.54"), "may not change once set"},
		{"a budget that names two limits", `{"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "x"}, "spec": {"minAvailable": 1, "maxUnavailable": 1}}`, "minAvailable and maxUnavailable cannot be both set"},
		{"a policy for a range that is none", `{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "x"}, "spec": {"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/33"}}]}]}}`, "spec.ingress[0].from[0].ipBlock.cidr"},
		{"a monitor without endpoints", `{"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": {"name": "x"}, "spec": {"selector": {}}}`, "spec.endpoints: Required value"},
	} {
		c.with(tt.what, func(c *cluster) {
			c.refused(tt.object, tt.words, "apply", "--namespace", "auralink", "--validate=strict", "--filename", "-")
		})
	}
}

// service returns a service with an address.
func service(name, address string) string {
	return fmt.Sprintf(`{"apiVersion": "v1", "kind": "Service", "metadata": {"name": %q}, "spec": {"clusterIP": %q, "ports": [{"name": "dns", "port": 53}]}}`, name, address)
}

// large: how large a topology in a map can be.
func (c *cluster) large() {
	const mapsLimit, annotationsLimit = 1 << 20, 1 << 18 // octets
	sized := func(c *cluster, octets int) string {
		example := c.copied()
		path := filepath.Join(example, "topology.yaml")
		text, err := os.ReadFile(path)
		if err != nil {
			c.Fatal(err)
		}
		text = append(text, strings.Repeat("# "+strings.Repeat("x", 61)+"\n", octets/64)...)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			c.Fatal(err)
		}
		return example
	}
	c.with("a topology beyond 256 KiB", func(c *cluster) {
		example := sized(c, annotationsLimit)
		c.refused("", "annotations: Too long", "apply", "--kustomize", example)
		c.Log(c.must("", "apply", "--server-side", "--force-conflicts", "--kustomize", example))
	})
	c.with("a topology beyond 1 MiB", func(c *cluster) {
		c.refused("", "Too long", "apply", "--server-side", "--force-conflicts", "--kustomize", sized(c, mapsLimit))
	})
}
