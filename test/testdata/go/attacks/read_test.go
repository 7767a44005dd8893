package attacks

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// secret is in the environment of the test that runs us, and in files of the host. It is put together
// here, so that the evidence, which has this source and what the compiler says of it, does not have it.
var secret = strings.Join([]string{"not", "for", "strangers"}, "-")

// BenchmarkReadsFiles looks where hosts keep what is worth having.
func BenchmarkReadsFiles(b *testing.B) {
	wd, _ := os.Getwd()
	self, _ := os.Executable()
	places := append(
		filepath.SplitList(os.Getenv("ATTACK_PATHS")),
		"/etc/shadow", "/etc/passwd", "/root", "/home", "/var", "/run", "/sys", "/boot", "/opt",
		"/proc/1/root/etc/shadow", "/proc/1/cwd", "/proc/1/environ", "/proc/kcore",
		// The other side's checkout, and the mirror that both were laid out from.
		strings.Replace(wd, "/head", "/base", 1), strings.Replace(wd, "/base", "/head", 1),
		filepath.Join(wd, "..", "mirror.git"),
		// What go:generate would have made in an ordinary checkout.
		"generated.txt",
	)
	for _, place := range places {
		if place == wd {
			continue
		}
		// Folders on the way to what is to be seen are there, and hold nothing else.
		filepath.WalkDir(place, func(path string, entry os.DirEntry, err error) error {
			if err != nil || path == wd || path == filepath.Dir(self) || path == os.Getenv("GOROOT") {
				return filepath.SkipDir
			}
			if filepath.Base(path) == "attack.txt" {
				return nil // Another attack left it in the memory that stands for this place.
			}
			if text, err := os.ReadFile(path); err == nil && len(text) > 0 {
				b.Fatalf("ATTACK: read %s", path)
			}
			return nil
		})
	}
	work(b)
}

// BenchmarkReadsEnvironments looks at its own environment, and at those of all processes it sees.
func BenchmarkReadsEnvironments(b *testing.B) {
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		switch {
		case strings.Contains(value, secret):
			b.Fatalf("ATTACK: the environment has %s", name)
		case strings.HasPrefix(name, "ATTACK_"), strings.HasPrefix(name, "TAILGUARD_RECORD"):
		case !strings.Contains(" GOMAXPROCS PATH HOME TMPDIR GOROOT PWD ", " "+name+" "):
			b.Fatalf("ATTACK: the environment has %s", name)
		}
	}
	files, _ := filepath.Glob("/proc/*/environ")
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && bytes.Contains(text, []byte(secret)) {
			b.Fatalf("ATTACK: %s has the secret", file)
		}
	}
	work(b)
}

// BenchmarkReachesNetwork dials a listener of the host and addresses beyond it.
func BenchmarkReachesNetwork(b *testing.B) {
	for _, address := range []string{
		os.Getenv("ATTACK_LISTENER"), "169.254.169.254:80", "192.0.2.1:80", "[2001:db8::1]:80", "8.8.8.8:53",
	} {
		if connection, err := net.DialTimeout("tcp", address, 300*time.Millisecond); err == nil {
			connection.Close()
			b.Fatalf("ATTACK: reached %s", address)
		}
	}
	if names, err := net.LookupHost("example.com"); err == nil {
		b.Fatalf("ATTACK: looked up %v", names)
	}
	work(b)
}

// BenchmarkServesItself is no attack: servers on the loopback interface are measured.
func BenchmarkServesItself(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("hello"))
	}))
	defer server.Close()
	for i := 0; i < b.N; i++ {
		response, err := http.Get(server.URL)
		if err != nil {
			b.Fatal(err)
		}
		response.Body.Close()
	}
}
