//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/miekg/dns"
)

// The processors that the servers and dnsperf are tied to, where taskset is there
// to do it and there are two.
const (
	serverCPU  = "0"
	dnsperfCPU = "1"
)

// command returns a command that is tied to a processor, where that can be had,
// gets SIGTERM when ctx ends, and does not outlive this process.
func command(ctx context.Context, cpu, name string, args ...string) *exec.Cmd {
	if taskset, err := exec.LookPath("taskset"); err == nil && runtime.NumCPU() > 1 {
		name, args = taskset, append([]string{"-c", cpu, name}, args...) // taskset becomes the command
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// server is one bin/coredns.
type server struct {
	plugin   string
	corefile string
	port     int

	cmd    *exec.Cmd
	cancel context.CancelFunc
	exited chan struct{}
	log    bytes.Buffer // to be read after exited only
}

func (s *server) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// start starts the server in the directory of its Corefile.
func (s *server) start(ctx context.Context, coredns string) error {
	binary, err := filepath.Abs(coredns)
	if err != nil {
		return err
	}
	ctx, s.cancel = context.WithCancel(ctx)
	s.cmd = command(ctx, serverCPU, binary, "-conf", s.corefile)
	s.cmd.Dir = filepath.Dir(s.corefile)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		s.cancel()
		s.cancel = nil
		return err
	}
	s.exited = make(chan struct{})
	go func() {
		_ = s.cmd.Wait() // how it ended is in its log
		close(s.exited)
	}()
	return nil
}

// stop ends the server, if it was started, and waits for its end.
func (s *server) stop() {
	if s.cancel == nil {
		return
	}
	s.cancel()
	<-s.exited
}

// startTime is how long a server may take to answer.
const startTime = 30 * time.Second

// await returns when the server answers a question for the name.
func (s *server) await(ctx context.Context, owner string) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	client := &dns.Client{Timeout: 100 * time.Millisecond}
	for {
		if _, _, err := client.ExchangeContext(ctx, new(dns.Msg).SetQuestion(owner, dns.TypeA), s.address()); err == nil {
			return nil
		}
		select {
		case <-s.exited:
			return fmt.Errorf("it ended: %s", strings.TrimSpace(s.log.String()))
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// processorTime is what a process has used.
type processorTime struct{ user, system time.Duration }

// cpu returns what the server has used so far.
func (s *server) cpu() (processorTime, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return processorTime{}, fmt.Errorf("reading the server's processor time: %w", err)
	}
	return parseStat(string(stat))
}

// tick is the unit of processor times in /proc: USER_HZ is 100 on every
// architecture that Go runs on.
const tick = 10 * time.Millisecond

// parseStat reads utime and stime, the 14th and 15th field of /proc/PID/stat. The
// second field, the command's name, is in parentheses and may have any others.
func parseStat(stat string) (processorTime, error) {
	const state, user, system = 3, 14, 15
	rest := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(rest) <= system-state {
		return processorTime{}, fmt.Errorf("unexpected /proc/PID/stat %q", stat)
	}
	utime, err1 := strconv.ParseInt(rest[user-state], 10, 64)
	stime, err2 := strconv.ParseInt(rest[system-state], 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		return processorTime{}, fmt.Errorf("reading /proc/PID/stat: %w", err)
	}
	return processorTime{user: time.Duration(utime) * tick, system: time.Duration(stime) * tick}, nil
}

// freePorts returns ports of 127.0.0.1 that nobody listens on, over UDP or TCP.
func freePorts(n int) ([]int, error) {
	var ports []int
	for len(ports) < n {
		tcp, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("looking for a free port: %w", err)
		}
		defer tcp.Close()
		udp, err := net.ListenPacket("udp", tcp.Addr().String())
		if err != nil {
			continue // taken over UDP
		}
		defer udp.Close()
		ports = append(ports, tcp.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
