package coredns

import (
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
)

const (
	// custom is the ConfigMap that AKS, k3s and others have for what a cluster's own people add.
	custom = "coredns-custom"
	// corefileDir is the directory in which the Corefile of a cluster is. Paths are told from there.
	corefileDir = "/etc/coredns"
)

// mounted is an entry of a ConfigMap as a file, by its path beside the Corefile in [corefileDir].
type mounted struct {
	entry *entry
	path  string
}

// pod is what runs CoreDNS, as far as it says where ConfigMaps are mounted.
type pod struct {
	namespace string
	volumes   []volume
	mounts    []volumeMount
}

// volume is a ConfigMap that is mounted, or one of several that are mounted as one.
type volume struct {
	name, configMap string
	items           map[string]string // paths by keys; none for all, by their own names
}

// volumeMount is where a volume is mounted, or one file of it.
type volumeMount struct {
	Name      string `yaml:"name"`
	MountPath string `yaml:"mountPath"`
	SubPath   string `yaml:"subPath"`
}

// volumeSource is what a volume has of a ConfigMap.
type volumeSource struct {
	Name  string                       `yaml:"name"`
	Items []struct{ Key, Path string } `yaml:"items"`
}

// podOf returns what a Deployment or a DaemonSet says.
func podOf(node *yaml.Node, namespace string) pod {
	var deployment struct {
		Spec struct {
			Template struct {
				Spec struct {
					Containers []struct {
						Mounts []volumeMount `yaml:"volumeMounts"`
					} `yaml:"containers"`
					Volumes []struct {
						Name      string        `yaml:"name"`
						ConfigMap *volumeSource `yaml:"configMap"`
						Projected struct {
							Sources []struct {
								ConfigMap *volumeSource `yaml:"configMap"`
							} `yaml:"sources"`
						} `yaml:"projected"`
					} `yaml:"volumes"`
				} `yaml:"spec"`
			} `yaml:"template"`
		} `yaml:"spec"`
	}
	_ = node.Decode(&deployment) // what is otherwise mounts nothing
	its := pod{namespace: namespace}
	spec := deployment.Spec.Template.Spec
	for _, c := range spec.Containers {
		its.mounts = append(its.mounts, c.Mounts...)
	}
	for _, v := range spec.Volumes {
		its.add(v.Name, v.ConfigMap)
		for _, source := range v.Projected.Sources {
			its.add(v.Name, source.ConfigMap)
		}
	}
	return its
}

// add adds a ConfigMap that a volume has.
func (p *pod) add(name string, source *volumeSource) {
	if source == nil {
		return
	}
	v := volume{name: name, configMap: source.Name}
	for _, item := range source.Items {
		if v.items == nil {
			v.items = make(map[string]string)
		}
		v.items[item.Key] = item.Path
	}
	p.volumes = append(p.volumes, v)
}

// mounts returns what is mounted beside the Corefile that a ConfigMap has: as the pods say that mount
// it; or where clouds do so, which is told.
func (o *objects) mounts(of configMap) []mounted {
	for _, p := range o.pods {
		if dir, is := p.dirOf(of); is {
			return p.files(o.maps, dir)
		}
	}
	var all []mounted
	for _, m := range o.maps {
		switch {
		case m.name == of.name && sameNamespace(m, of.namespace):
			all = append(all, mountedAt(m, corefileDir)...)
		case m.name == custom && sameNamespace(m, of.namespace):
			all = append(all, mountedAt(m, path.Join(corefileDir, "custom"))...)
			o.b.Note(holdings.Place{File: m.entries[0].in.Name, Line: m.entries[0].text.Line}, "ConfigMap %s is taken to be mounted in %s, as AKS and others do: give the Deployment as well, if it is another one", custom, path.Join(corefileDir, "custom"))
		}
	}
	return all
}

// sameNamespace reports whether a ConfigMap is, or may be, in a namespace.
func sameNamespace(m configMap, namespace string) bool {
	return m.namespace == namespace || m.namespace == "" || namespace == ""
}

// mountedAt returns the entries of a ConfigMap that is mounted as a whole.
func mountedAt(m configMap, dir string) []mounted {
	var all []mounted
	for _, e := range m.entries {
		all = append(all, mounted{e, path.Join(dir, e.name)})
	}
	return all
}

// dirOf returns the directory in which a pod has the Corefile of a ConfigMap.
func (p pod) dirOf(m configMap) (string, bool) {
	for _, file := range p.files([]configMap{m}, corefileDir) {
		if file.entry.name == corefileKey {
			return path.Dir(file.path), true
		}
	}
	return "", false
}

// files returns the files that a pod has of ConfigMaps, as if its Corefile, which is in dir, were in
// [corefileDir].
func (p pod) files(maps []configMap, dir string) []mounted {
	var all []mounted
	for _, mount := range p.mounts {
		for _, v := range p.volumes {
			if v.name != mount.Name {
				continue
			}
			for _, m := range maps {
				if m.name == v.configMap && sameNamespace(m, p.namespace) {
					all = append(all, v.files(m, mount)...)
				}
			}
		}
	}
	for i := range all {
		if below, is := strings.CutPrefix(all[i].path, dir+"/"); is {
			all[i].path = path.Join(corefileDir, below)
		}
	}
	return slices.Clip(all)
}

// files returns the files that a mount has of a ConfigMap.
func (v volume) files(m configMap, mount volumeMount) []mounted {
	var all []mounted
	for _, e := range m.entries {
		name := e.name
		if v.items != nil {
			name = v.items[e.name]
		}
		switch {
		case name == "":
		case mount.SubPath == "":
			all = append(all, mounted{e, path.Join(mount.MountPath, name)})
		case mount.SubPath == name:
			all = append(all, mounted{e, path.Clean(mount.MountPath)})
		}
	}
	return all
}
