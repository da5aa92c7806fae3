package test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	// listedPackage finds a package in the list of all.
	listedPackage = regexp.MustCompile("(?m)^- `([^`]+)`:")
	// namedName finds a package, and what it declares: a method or a field with its type.
	namedName = regexp.MustCompile("`([a-z0-9/]+/[a-z0-9]+)`\\s+`((?:[A-Za-z]+\\.)?[A-Za-z]+)`")
	// namedPath finds what is a path in the repository.
	namedPath = regexp.MustCompile("`((?:cmd|internal|plugin|zones|test|docs)/[^`*]+)`")
	// node and arrow find what is in the picture.
	node  = regexp.MustCompile(`([a-z]+)\["([^"]+)"\]`)
	arrow = regexp.MustCompile(`(?m)^  ([a-z]+)(?:\[[^\]]*\])? --> ([a-z]+)`)
)

// TestArchitectureNamesPackages: docs/architecture.md has every package, once, and
// none that there is not.
func TestArchitectureNamesPackages(t *testing.T) {
	var listed []string
	for _, found := range listedPackage.FindAllStringSubmatch(read(t, "../docs/architecture.md"), -1) {
		listed = append(listed, found[1])
	}
	slices.Sort(listed)
	there := packageDirs(t)
	for _, dir := range there {
		if !slices.Contains(listed, dir) {
			t.Errorf("docs/architecture.md has no line for the package %s", dir)
		}
	}
	for i, dir := range listed {
		if !slices.Contains(there, dir) {
			t.Errorf("docs/architecture.md has a line for %s, which is no package", dir)
		}
		if i > 0 && listed[i-1] == dir {
			t.Errorf("docs/architecture.md has %s twice", dir)
		}
	}
}

// packageDirs returns the directories with Go files, sorted. Tools are a module of
// others' packages.
func packageDirs(t *testing.T) []string {
	t.Helper()
	dirs := make(map[string]bool)
	for _, top := range []string{"cmd", "internal", "plugin", "test", "zones"} {
		err := filepath.WalkDir(filepath.Join("..", top), func(path string, _ fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".go" && !strings.Contains(path, "testdata") {
				dirs[strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return slices.Sorted(maps.Keys(dirs))
}

// TestArchitectureNamesNames: everything that the page names in a package is there, and
// every path.
func TestArchitectureNamesNames(t *testing.T) {
	page := read(t, "../docs/architecture.md")
	names := make(map[string]map[string]bool) // by package
	named := namedName.FindAllStringSubmatch(page, -1)
	if len(named) < 40 {
		t.Errorf("%d names are found only", len(named))
	}
	for _, found := range named {
		dir, name := found[1], found[2]
		if names[dir] == nil {
			names[dir] = namesIn(t, filepath.Join("..", dir))
		}
		if !names[dir][name] {
			t.Errorf("docs/architecture.md names %s of %s, which is not there", name, dir)
		}
	}
	for _, found := range namedPath.FindAllStringSubmatch(page, -1) {
		if _, err := os.Stat(filepath.Join("..", found[1])); err != nil {
			t.Errorf("docs/architecture.md: %v", err)
		}
	}
}

// namesIn returns what a package declares: functions, types, constants and variables;
// methods and fields with their types in front.
func namesIn(t *testing.T, dir string) map[string]bool {
	t.Helper()
	names := make(map[string]bool)
	eachFile(t, dir, 0, func(file *ast.File) {
		for _, declared := range file.Decls {
			switch d := declared.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					names[d.Name.Name] = true
				} else {
					names[receiver(d.Recv.List[0].Type)+"."+d.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					addNames(names, spec)
				}
			}
		}
	})
	return names
}

// addNames adds what a declaration that is no function's declares.
func addNames(names map[string]bool, spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			names[name.Name] = true
		}
	case *ast.TypeSpec:
		names[s.Name.Name] = true
		var fields *ast.FieldList
		switch of := s.Type.(type) {
		case *ast.StructType:
			fields = of.Fields
		case *ast.InterfaceType:
			fields = of.Methods
		default:
			return
		}
		for _, field := range fields.List {
			for _, name := range field.Names {
				names[s.Name.Name+"."+name.Name] = true
			}
		}
	}
}

// TestArchitectureIsMerged: nothing that git leaves where it could not merge stays.
func TestArchitectureIsMerged(t *testing.T) {
	for line := range strings.Lines(read(t, "../docs/architecture.md")) {
		for _, mark := range []string{"<<<<<<<", "=======", ">>>>>>>"} {
			if strings.HasPrefix(line, mark) {
				t.Errorf("docs/architecture.md has the line %q", strings.TrimSpace(line))
			}
		}
	}
}

// TestArchitectureNamesFiles: the table of the command line's files has each of them.
func TestArchitectureNamesFiles(t *testing.T) {
	page := read(t, "../docs/architecture.md")
	paths, err := filepath.Glob("../cmd/auralink/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		name := strings.TrimPrefix(filepath.ToSlash(path), "../")
		if !strings.HasSuffix(name, "_test.go") && !strings.Contains(page, "`"+name+"`") {
			t.Errorf("docs/architecture.md does not say what is in %s", name)
		}
	}
}

// receiver returns the name of a receiver's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	default:
		return ""
	}
}

// TestArchitecturePicture: each arrow of the picture is an import that there is.
func TestArchitecturePicture(t *testing.T) {
	page := read(t, "../docs/architecture.md")
	dirs := make(map[string]string)
	for _, found := range node.FindAllStringSubmatch(page, -1) {
		dirs[found[1]] = found[2]
	}
	arrows := arrow.FindAllStringSubmatch(page, -1)
	if len(arrows) < 20 {
		t.Errorf("%d arrows are found only", len(arrows))
	}
	for _, found := range arrows {
		from, to := dirs[found[1]], dirs[found[2]]
		imports := make(map[string]bool)
		eachFile(t, filepath.Join("..", from), parser.ImportsOnly, func(file *ast.File) {
			for _, spec := range file.Imports {
				path, _ := strconv.Unquote(spec.Path.Value)
				imports[path] = true
			}
		})
		if !imports[module+to] {
			t.Errorf("the picture has an arrow from %s to %s, which it does not import", from, to)
		}
	}
}

// eachFile parses the files of a package, but for its tests.
func eachFile(t *testing.T, dir string, mode parser.Mode, do func(*ast.File)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, mode)
		if err != nil {
			t.Fatal(err)
		}
		do(file)
	}
}
