package apiserver_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// programs is where make builds etcd, kube-apiserver and kubectl.
const programs = "../../bin/kubernetes"

// patience is how long a server may take to start on a busy machine.
const patience = 3 * time.Minute

// services is the cluster's range of services.
const services = "10.96.0.0/16"

// cluster is a kube-apiserver with its etcd.
type cluster struct {
	*testing.T
	dir string
}

// start starts both, on loopback. They end with the test.
func start(t *testing.T) *cluster {
	t.Helper()
	if _, err := os.Stat(filepath.Join(programs, "kube-apiserver")); err != nil {
		t.Fatalf("%v: make kubernetes-test builds it", err)
	}
	c := &cluster{t, t.TempDir()}
	etcd, peer, secure := freePort(t), freePort(t), freePort(t)
	c.run("server", // etcd's, by the name of its module
		"--data-dir", c.path("etcd"), "--unsafe-no-fsync", "--log-level", "error",
		"--listen-client-urls", url("http", etcd), "--advertise-client-urls", url("http", etcd), "--listen-peer-urls", url("http", peer))
	c.write("token", `secret,admin,1,"system:masters"`+"\n")
	c.key("signing.key")
	c.run("kube-apiserver",
		"--etcd-servers", url("http", etcd), "--cert-dir", c.path("certificates"), "--bind-address", "127.0.0.1", "--secure-port", fmt.Sprint(secure),
		"--service-cluster-ip-range", services, "--authorization-mode", "RBAC", "--token-auth-file", c.path("token"),
		"--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", c.path("signing.key"), "--service-account-signing-key-file", c.path("signing.key"))
	c.write("kubeconfig", fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: test
contexts: [{name: test, context: {cluster: test, user: admin}}]
clusters: [{name: test, cluster: {server: %q, certificate-authority: %q}}]
users: [{name: admin, user: {token: secret}}]
`, url("https", secure), c.path("certificates/apiserver.crt")))
	for end := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		if out, err := c.kubectl("", "get", "--raw", "/readyz"); err == nil && strings.Contains(out, "ok") {
			return c
		} else if time.Now().After(end) {
			t.Fatalf("the API server is not ready: %v\n%s", err, out)
		}
	}
}

// run starts a program, whose log is shown if the test fails.
func (c *cluster) run(program string, args ...string) {
	c.Helper()
	log, err := os.Create(c.path(program + ".log"))
	if err != nil {
		c.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(programs, program), args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		timer := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
		_ = cmd.Wait() // it was told to end
		text, _ := os.ReadFile(log.Name())
		if c.Failed() {
			c.Logf("[%s]\n%s", program, text[max(0, len(text)-4000):])
		}
		_ = log.Close()
	})
}

// kubectl runs kubectl with an input, and returns all that it prints.
func (c *cluster) kubectl(input string, args ...string) (string, error) {
	cmd := exec.Command(filepath.Join(programs, "kubectl"), append([]string{"--kubeconfig", c.path("kubeconfig")}, args...)...)
	cmd.Stdin = strings.NewReader(input)
	cmd.Env = append(os.Environ(), "HOME="+c.dir) // its cache is there
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// must runs kubectl, which must succeed and warn of nothing.
func (c *cluster) must(input string, args ...string) string {
	c.Helper()
	out, err := c.kubectl(input, args...)
	if err != nil || strings.Contains(out, "Warning:") {
		c.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(out)
}

func (c *cluster) path(name string) string { return filepath.Join(c.dir, name) }

func (c *cluster) write(name, text string) {
	c.Helper()
	if err := os.MkdirAll(filepath.Dir(c.path(name)), 0o700); err != nil {
		c.Fatal(err)
	}
	if err := os.WriteFile(c.path(name), []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
}

// key makes the key by which tokens are signed.
func (c *cluster) key(name string) {
	c.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		c.Fatal(err)
	}
	c.write(name, string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})))
}

func url(scheme string, port int) string { return fmt.Sprintf("%s://127.0.0.1:%d", scheme, port) }

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
