package kubernetes_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	disruption "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// TestPodsAreRestricted: Kubernetes's own rules for pods of the level "restricted" let
// all of ours run, and the root of none can be written to.
func TestPodsAreRestricted(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	pods := 0
	for _, dir := range kustomizations(t) {
		for _, one := range build(t, dir) {
			deployment, ok := one.Object.(*apps.Deployment)
			if !ok {
				continue
			}
			pods++
			template := deployment.Spec.Template
			ours := containersOf(template.Spec)
			if len(ours) != 1 || !*ours[0].SecurityContext.ReadOnlyRootFilesystem {
				t.Errorf("%s: %s has the containers %v, of which one is to be ours and read-only", dir, one.name, ours)
			}
			if deployment.Name != "auralink" {
				template.Spec.Containers = nil // of somebody's application
			}
			for _, result := range evaluator.EvaluatePod(api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}, &template.ObjectMeta, &template.Spec) {
				if !result.Allowed {
					t.Errorf("%s: %s: %s: %s", dir, one.name, result.ForbiddenReason, result.ForbiddenDetail)
				}
			}
		}
	}
	if pods != 3 {
		t.Errorf("%d pods, want those of base, cluster and sidecar", pods)
	}
}

// containersOf returns our containers of a pod.
func containersOf(spec core.PodSpec) (ours []core.Container) {
	for _, container := range append(spec.InitContainers, spec.Containers...) {
		if container.Name == "auralink" {
			ours = append(ours, container)
		}
	}
	return ours
}

// TestClusterFitsTogether: what selects the pods selects them, and ports and probes are
// those of the Corefile.
func TestClusterFitsTogether(t *testing.T) {
	things := build(t, manifests+"/examples/cluster")
	deployment := only[*apps.Deployment](t, things, "auralink")
	pod := labels.Set(deployment.Spec.Template.Labels)
	for what, selector := range map[string]*meta.LabelSelector{
		"deployment":     deployment.Spec.Selector,
		"disruption":     only[*disruption.PodDisruptionBudget](t, things, "auralink").Spec.Selector,
		"network policy": &only[*networking.NetworkPolicy](t, things, "auralink").Spec.PodSelector,
		"service":        {MatchLabels: only[*core.Service](t, things, "auralink").Spec.Selector},
		"metrics":        {MatchLabels: only[*core.Service](t, things, "auralink-metrics").Spec.Selector},
		"anti-affinity":  deployment.Spec.Template.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution[0].LabelSelector,
	} {
		if s, err := meta.LabelSelectorAsSelector(selector); err != nil || s.Empty() || !s.Matches(pod) {
			t.Errorf("%s: %v does not select the pods, %v", what, selector, err)
		}
	}
	monitor, err := meta.LabelSelectorAsSelector(&only[*monitoring.ServiceMonitor](t, things, "auralink").Spec.Selector)
	if err != nil || !monitor.Matches(labels.Set(only[*core.Service](t, things, "auralink-metrics").Labels)) ||
		monitor.Matches(labels.Set(only[*core.Service](t, things, "auralink").Labels)) {
		t.Errorf("the monitor does not select the metrics' service alone: %v", err)
	}
	if deployment.Spec.Replicas == nil || *deployment.Spec.Replicas != 2 {
		t.Errorf("%v replicas", deployment.Spec.Replicas)
	}

	corefile := only[*core.ConfigMap](t, things, "auralink").Data["Corefile"]
	container := containersOf(deployment.Spec.Template.Spec)[0]
	ports := make(map[string]int32)
	for _, port := range container.Ports {
		ports[port.Name] = port.ContainerPort
	}
	for name, pattern := range map[string]string{"dns": `(?m)^\.:(\d+) \{`, "dns-tcp": `(?m)^\.:(\d+) \{`, "health": `health :(\d+)`, "ready": `ready :(\d+)`, "metrics": `prometheus :(\d+)`} {
		if match := regexp.MustCompile(pattern).FindStringSubmatch(corefile); match == nil || match[1] != fmt.Sprint(ports[name]) {
			t.Errorf("port %s is %d, and %v in the Corefile", name, ports[name], match)
		}
	}
	for what, port := range map[string]string{"live": container.LivenessProbe.HTTPGet.Port.StrVal, "ready": container.ReadinessProbe.HTTPGet.Port.StrVal} {
		if ports[port] == 0 {
			t.Errorf("the probe %s asks port %q", what, port)
		}
	}
	testMounts(t, deployment.Spec.Template.Spec, container)
}

// testMounts: a change of the map reaches the server, which a path below a mount would
// prevent; and a server that ends has its time.
func testMounts(t *testing.T, spec core.PodSpec, container core.Container) {
	t.Helper()
	for _, mount := range container.VolumeMounts {
		if mount.SubPath != "" {
			t.Errorf("%s is mounted by a subpath, and never changes", mount.MountPath)
		}
	}
	lameduck := regexp.MustCompile(`lameduck (\d+)s`).FindStringSubmatch(read(t, "base/Corefile"))
	if lameduck == nil || *spec.TerminationGracePeriodSeconds <= 10 || lameduck[1] != "10" {
		t.Errorf("lameduck %v, and %d s until it is killed", lameduck, *spec.TerminationGracePeriodSeconds)
	}
	if spec.DNSPolicy != core.DNSDefault {
		t.Errorf("the servers ask %s, which asks them", spec.DNSPolicy)
	}
}

// TestSidecar: the pods of a deployment with the label ask the server in them alone, on
// the port that the Corefile has; one without the label is left as it is.
func TestSidecar(t *testing.T) {
	things := build(t, manifests+"/examples/sidecar")
	spec := only[*apps.Deployment](t, things, "application").Spec.Template.Spec
	if spec.DNSPolicy != core.DNSNone || strings.Join(spec.DNSConfig.Nameservers, " ") != "127.0.0.1" {
		t.Errorf("it asks %v by %s", spec.DNSConfig.Nameservers, spec.DNSPolicy)
	}
	if len(spec.InitContainers) != 1 || *spec.InitContainers[0].RestartPolicy != core.ContainerRestartPolicyAlways || len(spec.Containers) != 1 {
		t.Errorf("containers %v and %v, want a sidecar and the application", spec.InitContainers, spec.Containers)
	}
	if image := spec.Containers[0].Image; image != "example.org/application:1.0" {
		t.Errorf("the application has become %s", image)
	}
	corefile := only[*core.ConfigMap](t, things, "auralink-sidecar").Data["Corefile"]
	for _, want := range []string{".:53 {", "bind 127.0.0.1\n", "vpc apps\n"} {
		if !strings.Contains(corefile, want) {
			t.Errorf("the Corefile has no %q", want)
		}
	}
}
