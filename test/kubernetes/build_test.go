package kubernetes_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// manifests are where the manifests stand.
const manifests = "../../deploy/kubernetes"

// thing is what kustomize makes: as text, and as Kubernetes's own type.
type thing struct {
	name string // kind and name
	yaml []byte
	runtime.Object
}

// kustomizations returns the directories that can be applied.
func kustomizations(t *testing.T) (list []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(manifests, "*", "*", "kustomization.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, filepath.Join(manifests, "base", "kustomization.yaml")) {
		if dir := filepath.Dir(file); !strings.Contains(dir, "components") {
			list = append(list, dir)
		}
	}
	if len(list) < 6 {
		t.Fatalf("only %q", list)
	}
	return list
}

// build has kustomize build a directory, and reads what it makes strictly: no field is
// unknown, or there twice.
func build(t *testing.T, dir string) (things []thing) {
	t.Helper()
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		t.Fatal(err)
	}
	decoder := strictDecoder(t)
	for _, one := range made.Resources() {
		text, err := one.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		object, _, err := decoder.Decode(text, nil, nil)
		if err != nil {
			t.Fatalf("%s: %v\n%s", dir, err, text)
		}
		things = append(things, thing{one.GetKind() + " " + one.GetName(), text, object})
	}
	return things
}

// strictDecoder decodes what Kubernetes and the Prometheus operator have.
func strictDecoder(t *testing.T) runtime.Decoder {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		core.AddToScheme, apps.AddToScheme, policy.AddToScheme, networking.AddToScheme, monitoring.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	return json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true, Strict: true})
}

// only returns the one thing of its type, with that name.
func only[T runtime.Object](t *testing.T, things []thing, name string) (found T) {
	t.Helper()
	count := 0
	for _, one := range things {
		if object, ok := one.Object.(T); ok && strings.HasSuffix(one.name, " "+name) {
			found = object
			count++
		}
	}
	if count != 1 {
		t.Fatalf("%d are %T %q", count, found, name)
	}
	return found
}

// read returns a file of the manifests.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(manifests, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
