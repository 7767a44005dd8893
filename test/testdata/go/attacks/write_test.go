package attacks

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// BenchmarkWritesOutside tries to change what others will use.
func BenchmarkWritesOutside(b *testing.B) {
	onlyInSandbox(b)
	wd, _ := os.Getwd()
	self, _ := os.Executable()
	for _, place := range []string{
		"/", "/usr", "/usr/bin", "/etc", "/dev", "/proc/sys/kernel", os.Getenv("GOROOT"), filepath.Dir(self),
	} {
		if os.WriteFile(filepath.Join(place, "attack.txt"), []byte("x"), 0o644) == nil {
			b.Fatalf("ATTACK: wrote into %s", place)
		}
	}
	for _, file := range []string{self, "/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger"} {
		if opened, err := os.OpenFile(file, os.O_WRONLY, 0); err == nil {
			opened.Close()
			b.Fatalf("ATTACK: %s can be written", file)
		}
	}
	// These may lie in folders of the sandbox's own: the test looks for them on the host.
	for _, place := range append(
		filepath.SplitList(os.Getenv("ATTACK_PATHS")), filepath.Dir(wd),
		strings.Replace(wd, "/head", "/base", 1), strings.Replace(wd, "/base", "/head", 1),
	) {
		os.MkdirAll(place, 0o755)
		os.WriteFile(place, []byte("attack"), 0o644)
		os.WriteFile(filepath.Join(place, "attack.txt"), []byte("x"), 0o644)
	}
	if err := syscall.Mount("tmpfs", wd, "tmpfs", 0, ""); err == nil {
		b.Fatal("ATTACK: mounted")
	}
	work(b)
}

// BenchmarkWritesOwnSource changes its checkout, which is a copy of its own.
func BenchmarkWritesOwnSource(b *testing.B) {
	onlyInSandbox(b)
	for _, file := range []string{"work_test.go", "go.mod", "attack.txt"} {
		os.WriteFile(file, []byte("package changed\n"), 0o644)
	}
	os.RemoveAll("hangs")
	work(b)
}

// BenchmarkFillsFolders writes until nothing more fits, wherever it may write.
func BenchmarkFillsFolders(b *testing.B) {
	onlyInSandbox(b)
	chunk := make([]byte, 1<<20)
	var last error
	for _, place := range []string{"fill", filepath.Join(os.TempDir(), "fill"), "/dev/shm/fill"} {
		file, err := os.Create(place)
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = file.Write(chunk)
		}
		file.Close()
		last = err
	}
	b.Fatal(last)
}

// BenchmarkReplacesRecords puts things in the place of the file that its latencies are read from.
func BenchmarkReplacesRecords(b *testing.B) {
	path := os.Getenv("TAILGUARD_RECORD")
	for name, put := range map[string]func() error{
		"link":       func() error { return os.Symlink("/proc/self/environ", path) },
		"FIFO":       func() error { return syscall.Mkfifo(path, 0o644) },
		"folder":     func() error { return os.MkdirAll(filepath.Join(path, "deep", "deeper"), 0o755) },
		"hole":       func() error { return os.Truncate(path, 1<<30) },
		"not_a_line": func() error { return os.WriteFile(path, []byte("{\"schema\":\"tailguard.record/1\"}\n\x00{{{"), 0o644) },
		"forgery": func() error {
			forged := `{"schema":"tailguard.record/1","benchmark":"BenchmarkGood","n":1,"loops":[{"batches":"///"}]}`
			return os.WriteFile(path, []byte(strings.Repeat(forged+"\n", 1000)), 0o644)
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.Cleanup(func() {
				if path != "" && name != "hole" {
					os.RemoveAll(path)
				}
				if path != "" {
					put()
				}
			})
			work(b)
		})
	}
}
