package kubernetes_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	openapi "github.com/google/gnostic-models/openapiv2"
	"k8s.io/kube-openapi/pkg/util/proto"
	"k8s.io/kube-openapi/pkg/util/proto/validation"
	"sigs.k8s.io/yaml"
)

// release is the Kubernetes whose OpenAPI is taken, with the digest of its module: it is
// too large to be required for one file.
const (
	release       = "k8s.io/kubernetes@v1.37.2"
	releaseDigest = "h1:A2VDEiObzkYqFTKhSsn0ZEb0RlLEXpHWj93gi2HqEwE="
)

// models returns the models of Kubernetes's OpenAPI.
func models(t *testing.T) proto.Models {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "-json", release)
	cmd.Dir = t.TempDir() // of no module
	out, err := cmd.Output()
	var got struct{ Dir, Sum, Error string }
	if jsonErr := json.Unmarshal(out, &got); jsonErr != nil || err != nil {
		if os.Getenv("CI") != "true" {
			t.Skipf("%s cannot be had: %s", release, got.Error)
		}
		t.Fatalf("%s: %v, %s", release, err, got.Error)
	}
	if got.Sum != releaseDigest {
		t.Fatalf("%s has the digest %s, want %s", release, got.Sum, releaseDigest)
	}
	text, err := os.ReadFile(filepath.Join(got.Dir, "api", "openapi-spec", "swagger.json"))
	if err != nil {
		t.Fatal(err)
	}
	document, err := openapi.ParseDocument(text)
	if err != nil {
		t.Fatal(err)
	}
	models, err := proto.NewOpenAPIData(document)
	if err != nil {
		t.Fatal(err)
	}
	return models
}

// modelOf returns what a kind is called in the OpenAPI; "" for kinds of others.
func modelOf(apiVersion, kind string) string {
	group, version, grouped := strings.Cut(apiVersion, "/")
	switch {
	case !grouped:
		return "io.k8s.api.core." + apiVersion + "." + kind
	case strings.Contains(group, "coreos.com"):
		return ""
	default:
		group, _, _ = strings.Cut(group, ".")
		return "io.k8s.api." + group + "." + version + "." + kind
	}
}

// TestOpenAPI: all that is applied is what the API server's own description says, fields
// that are required included.
func TestOpenAPI(t *testing.T) {
	models := models(t)
	checked := 0
	for _, dir := range kustomizations(t) {
		for _, one := range build(t, dir) {
			var object map[string]any
			if err := yaml.Unmarshal(one.yaml, &object); err != nil {
				t.Fatal(err)
			}
			name := modelOf(object["apiVersion"].(string), object["kind"].(string))
			if name == "" {
				continue
			}
			model := models.LookupModel(name)
			if model == nil {
				t.Fatalf("the OpenAPI has no %s", name)
			}
			checked++
			for _, err := range validation.ValidateModel(object, model, one.name) {
				t.Errorf("%s: %v", dir, err)
			}
		}
	}
	if checked < 15 {
		t.Errorf("%d objects only", checked)
	}
	wrong := map[string]any{"apiVersion": "v1", "kind": "Service", "spec": map[string]any{"ports": []any{map[string]any{"name": "x"}}}}
	if errs := validation.ValidateModel(wrong, models.LookupModel("io.k8s.api.core.v1.Service"), "wrong"); len(errs) == 0 {
		t.Error("a port without a number is taken")
	}
}
