package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const march = `# March
2026-03-01 expenses:office:rent -1,200.00 EUR "March rent"
2026-03-02 income:sales 300 EUR
2026-03-02 expenses:travel -87.35 USD "train to Basel"
`

func send(s http.Handler, method, url, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(method, url, strings.NewReader(body)))
	return w
}

func TestServer(t *testing.T) {
	s := NewServer()
	for _, c := range []struct {
		method, url, body string
		status            int
		want              string
	}{
		{"POST", "/entries", march, 200, `{"posted":3}`},
		{"POST", "/entries", "2026-03-01 a 1 EUR\nbad", 400, `{"error":"line 2: bad date \"bad\""}`},
		{"GET", "/entries", "", 405, `{"error":"use POST"}`},
		{"GET", "/balances?account=income", "", 200,
			`[{"account":"income","currency":"EUR","total":"300.00"},` +
				`{"account":"income:sales","currency":"EUR","total":"300.00"}]`},
		{"GET", "/balances?account=none", "", 200, `[]`},
		{"POST", "/entries", strings.Repeat("#", maxBody+1), 413, `{"error":"http: request body too large"}`},
	} {
		w := send(s, c.method, c.url, c.body)
		if got := strings.TrimSpace(w.Body.String()); w.Code != c.status || got != c.want {
			t.Errorf("%s %s: %d %s, want %d %s", c.method, c.url, w.Code, got, c.status, c.want)
		}
	}
}

func BenchmarkPostEntries(b *testing.B) {
	b.ReportAllocs()
	s := NewServer()
	for i := 0; i < b.N; i++ {
		if w := send(s, "POST", "/entries", march); w.Code != 200 {
			b.Fatal(w.Body.String())
		}
	}
}

func BenchmarkGetBalances(b *testing.B) {
	b.ReportAllocs()
	s := NewServer()
	send(s, "POST", "/entries", march)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if w := send(s, "GET", "/balances?account=expenses", ""); w.Code != 200 {
			b.Fatal(w.Body.String())
		}
	}
}
