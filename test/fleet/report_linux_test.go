package fleet_test

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// report is what a world has measured.
type report struct {
	rows      []row
	databases []database
	fsync     string // how long a node has waited for its disk
	killed    int    // writers that were killed
	through   int    // of those, the ones whose push went through
}

// row is a line of the table: what was done, and how long it took until all servers had
// what was pushed last, sorted.
type row struct {
	what string
	took []time.Duration
}

// at returns the time within which a part of them were done.
func (r row) at(part float64) time.Duration {
	return r.took[min(len(r.took)-1, int(part*float64(len(r.took))))].Round(time.Millisecond)
}

// String is for the log.
func (r row) String() string {
	return fmt.Sprintf("%-60s %4d times, median %6s, 99%% %6s, longest %6s", r.what, len(r.took), r.at(0.5), r.at(0.99), r.at(1))
}

// database is the size of etcd's database at one time, in octets.
type database struct {
	when      string
	file, use int64 // the file, and what of it is in use
	history   int64 // keys and values of the revisions that are kept, and their pieces
	keys      int64 // how many those are
}

// look notes the size of the leader's database.
func (w *world) look(when string) database {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	status, err := w.client.Status(ctx, w.leader().client)
	if err != nil {
		w.Fatal(err)
	}
	d := database{when: when, file: status.DbSize, use: status.DbSizeInUse}
	for _, part := range []string{"/revisions/", "/pieces/"} {
		got, err := w.client.Get(ctx, w.prefix+part, clientv3.WithPrefix())
		if err != nil {
			w.Fatal(err)
		}
		d.keys += got.Count
		for _, kv := range got.Kvs {
			d.history += int64(len(kv.Key) + len(kv.Value))
		}
	}
	w.report.databases = append(w.report.databases, d)
	w.Logf("%+v", d)
	return d
}

// compact has etcd forget its own history.
func (w *world) compact() {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	if _, err := w.client.Compact(ctx, headOf(w.T, w.store).At, clientv3.WithCompactPhysical()); err != nil {
		w.Fatal(err)
	}
}

// defragment has all nodes give back the room that they do not use.
func (w *world) defragment() {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	for _, n := range w.nodes {
		if _, err := w.client.Defragment(ctx, n.client); err != nil {
			w.Fatal(err)
		}
	}
	w.awaitLeader()
}

// noteDisk notes how long the leader has waited for its disk.
func (w *world) noteDisk() {
	w.Helper()
	n := w.leader()
	text, err := get(n.in, "http://"+n.client+"/metrics")
	if err != nil {
		w.Fatal(err)
	}
	value := func(name string) float64 {
		found := regexp.MustCompile(`(?m)^etcd_disk_wal_fsync_duration_seconds_` + name + ` (\S+)$`).FindSubmatch(text)
		if found == nil {
			w.Fatalf("etcd does not say how long it waits for its disk")
		}
		number, err := strconv.ParseFloat(string(found[1]), 64)
		if err != nil {
			w.Fatal(err)
		}
		return number
	}
	w.report.fsync = fmt.Sprintf("the leader has waited %.0f times for its disk, %.1f ms each", value("count"), 1000*value("sum")/value("count"))
	w.Log(w.report.fsync)
}

// print prints what was measured, as docs/scale.md has it.
func (w *world) print() {
	fmt.Printf("\n| what happened | times | until all have it: median | 99 %% | longest |\n|---|---|---|---|---|\n")
	for _, r := range w.report.rows {
		fmt.Printf("| %s | %d | %s | %s | %s |\n", r.what, len(r.took), r.at(0.5), r.at(0.99), r.at(1))
	}
	fmt.Printf("\n%d servers, %d questions, %d asked again, 0 lost, 0 wrong regions, 0 answers from what was not pushed\n", len(w.servers), w.asked, w.repeated)
	fmt.Printf("\n%d writers were killed, %d of them when their push was done; a server has had %d MiB at most; %s\n",
		w.report.killed, w.report.through, mostMemory(w.servers), w.report.fsync)
	fmt.Printf("\n| etcd's database | file | in use | the history that is kept |\n|---|---|---|---|\n")
	for _, d := range w.report.databases {
		fmt.Printf("| %s | %d | %d | %d octets in %d keys |\n", d.when, d.file, d.use, d.history, d.keys)
	}
	fmt.Println()
}
