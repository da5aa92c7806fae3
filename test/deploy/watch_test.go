package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

const (
	rules     = "../../deploy/prometheus/auralink.rules.yaml"
	rulesTest = "../../deploy/prometheus/auralink.rules.test.yaml"
	dashboard = "../../deploy/grafana/auralink.json"
	runbook   = "../../docs/runbook.md"
	readme    = "../../plugin/auralink/README.md"
)

// Prometheus itself judges the alerts, and runs their tests.
func TestAlerts(t *testing.T) {
	promtool := peers.Find(t, "promtool", "prometheus")
	for _, args := range [][]string{{"check", "rules", filepath.Base(rules)}, {"test", "rules", filepath.Base(rulesTest)}} {
		cmd := exec.Command(promtool, args...)
		cmd.Dir = filepath.Dir(rules)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

// Each alert has a test, and an entry in the runbook that its link leads to.
func TestRunbook(t *testing.T) {
	alerts := matches(t, rules, `(?m)^ +- alert: (\w+)$`)
	tested := matches(t, rulesTest, `alertname: (\w+)\n +exp_alerts:\n`)
	linked := matches(t, rules, `runbook_url: \S+/docs/runbook\.md#(\w+)\n`)
	headings := matches(t, runbook, `(?m)^## (Auralink\w+)$`)
	if len(alerts) == 0 || !slices.Equal(slices.Sorted(slices.Values(alerts)), slices.Sorted(slices.Values(headings))) {
		t.Errorf("alerts %q, headings of the runbook %q; want the same", alerts, headings)
	}
	for i, alert := range alerts {
		if !slices.Contains(tested, alert) {
			t.Errorf("no test in which %s fires", alert)
		}
		if i >= len(linked) || linked[i] != strings.ToLower(alert) {
			t.Errorf("%s does not lead to its entry", alert)
		}
	}
}

// What alerts and dashboard look at is there.
func TestMetricsExist(t *testing.T) {
	exported := matches(t, readme, `(coredns_auralink_\w+)`)
	for _, path := range []string{rules, rulesTest, dashboard} {
		used := matches(t, path, `(coredns_auralink_\w+)`)
		if len(used) == 0 {
			t.Errorf("%s looks at no metric", path)
		}
		for _, metric := range used {
			if !slices.Contains(exported, metric) {
				t.Errorf("%s: there is no metric %s", path, metric)
			}
		}
	}
}

// Each metric is in the dashboard or in an alert, so that somebody sees it.
func TestMetricsAreSeen(t *testing.T) {
	seen := append(matches(t, rules, `(coredns_auralink_\w+)`), matches(t, dashboard, `(coredns_auralink_\w+)`)...)
	for _, metric := range matches(t, readme, `(coredns_auralink_\w+)`) {
		if !slices.Contains(seen, metric) {
			t.Errorf("nobody looks at %s", metric)
		}
	}
}

// matches returns what the expression's group matches in a file, each once.
func matches(t *testing.T, path, expression string) (all []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range regexp.MustCompile(expression).FindAllStringSubmatch(string(text), -1) {
		if !slices.Contains(all, match[1]) {
			all = append(all, match[1])
		}
	}
	return all
}
