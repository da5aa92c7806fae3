//go:build linux

// Package scenario_test runs the built server through scenarios: a topology, a
// question from an address, the answer in zone-file form. Each file under
// testdata is one; besides the commands of testscript they have
//
//	serve [-refuse WHAT]       start the server on Corefile in the background, in
//	                           a sandbox that does not let it have WHAT; see
//	                           sandbox_test.go
//	ask [flags] NAME [TYPE]    print the answer; see ask.go
//	upstream-saw NAME          succeed if the upstream was asked for NAME
//	log [-count N] REGEXP      succeed if the server's log comes to match
//	reload-corefile            send the server SIGUSR1
//	restart                    end the server and start it again
//	accept FILE                write the line that accepts what the log said last to
//	                           be held
//	metrics                    print the server's metrics
//	reload-corefile N          do so N times, each after the one before is done
//	reload-topology N FILE FILE
//	                           replace topology.yaml N times by one of the files, in
//	                           turn, each after the one before is loaded
//	hammer [-again N] NAME     ask for NAME without pause, in the background, each
//	                           question up to N more times
//	unhammer                   stop that; fail if any question was lost
//
//	flood NAME                 ask for names below NAME until the script ends
//	below METRIC VALUE         fail if the server's metric is not below a value
//
// and the variables PORT, METRICS (ports of 127.0.0.1 that are free), BUSY (one
// that is taken), UPSTREAM (a DNS server that has a public address for every name)
// and SILENT (one that never answers).
//
// It is for Linux alone, which has all of 127.0.0.0/8 to ask from, and the fast path.
package scenario_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/auralink/auralink/test/peers"
)

// built is a directory with the server.
var built string

func serverBinary() string { return filepath.Join(built, "coredns") }

func TestMain(m *testing.M) {
	if refused := os.Getenv(refuse); refused != "" {
		fmt.Fprintln(os.Stderr, serveRefused(refused))
		os.Exit(1)
	}
	os.Exit(peers.BuildAndRun(m, "coredns", &built))
}

// TestScenarios runs every scenario with the fast path, beside a second server
// without it that has to give the same octets, and without.
func TestScenarios(t *testing.T) {
	t.Run("fast", func(t *testing.T) { runScenarios(t, "fast", setup) })
	t.Run("slow", func(t *testing.T) {
		runScenarios(t, "slow", func(env *testscript.Env) error {
			if err := setup(env); err != nil {
				return err
			}
			env.Values[key{}].(*world).slow = true
			return nil
		})
	})
}

// runScenarios runs the scripts; the way is a condition in them, as in
//
//	[fast] stdout 'fastpath'
func runScenarios(t *testing.T, way string, setup func(*testscript.Env) error) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		Setup:               setup,
		RequireExplicitExec: true,
		Condition: func(condition string) (bool, error) {
			if condition != "fast" && condition != "slow" {
				return false, fmt.Errorf("unknown condition %q", condition)
			}
			return condition == way, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"serve":        serve,
			"ask":          ask,
			"upstream-saw": upstreamSaw,
			"log":          matchLog,
			"metrics":      printMetrics,

			"reload-corefile": reloadCorefile,
			"reload-topology": reloadTopology,
			"hammer":          hammer,
			"unhammer":        unhammer,
			"flood":           flood,
			"restart":         restart,
			"accept":          accept,
			"below":           below,
		},
	})
}

// key finds what belongs to one script in its environment.
type key struct{}

// world is what one script has running.
type world struct {
	port, metrics int
	upstream      *upstream
	server        *server
	twin          *server // without the fast path, on ports of its own; nil if slow
	twinPort      int
	slow          bool // the server itself has no fast path
	hammer        *hammering
	flood         *flooding
}

func setup(env *testscript.Env) error {
	up, err := startUpstream()
	if err != nil {
		return err
	}
	env.Defer(up.stop)
	w := &world{upstream: up}
	if w.port, err = peers.FreeEverywhere(); err != nil {
		return err
	}
	if w.metrics, err = peers.FreeEverywhere(); err != nil {
		return err
	}
	if w.twinPort, err = peers.FreeEverywhere(); err != nil {
		return err
	}
	env.Values[key{}] = w
	env.Setenv("PORT", strconv.Itoa(w.port))
	env.Setenv("METRICS", strconv.Itoa(w.metrics))
	env.Setenv("UPSTREAM", up.addr)
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	env.Defer(func() { _ = busy.Close() })
	env.Setenv("BUSY", strconv.Itoa(busy.Addr().(*net.TCPAddr).Port))
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	env.Defer(func() { _ = silent.Close() })
	env.Setenv("SILENT", silent.LocalAddr().String())
	repository, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	env.Setenv("REPOSITORY", repository)
	env.Setenv(restVariable, rest)
	env.Setenv("COREDNS", serverBinary())
	return nil
}

func worldOf(ts *testscript.TestScript) *world { return ts.Value(key{}).(*world) }
