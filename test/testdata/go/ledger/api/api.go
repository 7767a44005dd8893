// Package api serves a book over HTTP.
package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"example.com/ledger/balance"
	"example.com/ledger/journal"
)

// maxBody bounds one upload: about 15,000 entries.
const maxBody = 1 << 20

// Server answers requests for one book. It is safe for concurrent use.
type Server struct {
	mu   sync.Mutex
	book *balance.Book
	mux  *http.ServeMux
}

// NewServer gives a server with an empty book.
func NewServer() *Server {
	s := &Server{book: balance.NewBook(), mux: http.NewServeMux()}
	s.mux.HandleFunc("/entries", s.postEntries)
	s.mux.HandleFunc("/balances", s.getBalances)
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mux.ServeHTTP(w, r)
}

// postEntries adds a journal to the book: all of it, or nothing when a line is bad.
func (s *Server) postEntries(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		fail(w, http.StatusMethodNotAllowed, errors.New("use POST"))
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		fail(w, http.StatusRequestEntityTooLarge, err)
		return
	}
	entries, err := journal.Read(text)
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	s.mu.Lock()
	for _, entry := range entries {
		s.book.Post(entry)
	}
	s.mu.Unlock()
	reply(w, http.StatusOK, struct {
		Posted int `json:"posted"`
	}{len(entries)})
}

// getBalances lists the totals of an account and its children, or of all accounts.
func (s *Server) getBalances(w http.ResponseWriter, r *http.Request) {
	account := r.URL.Query().Get("account")
	s.mu.Lock()
	all := s.book.Rollup()
	s.mu.Unlock()
	lines := all[:0]
	for _, line := range all {
		if account == "" || line.Account == account || strings.HasPrefix(line.Account, account+":") {
			lines = append(lines, line)
		}
	}
	reply(w, http.StatusOK, lines)
}

func fail(w http.ResponseWriter, status int, err error) {
	reply(w, status, struct {
		Error string `json:"error"`
	}{err.Error()})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The status is sent: a client that went away is all that can fail here.
	_ = json.NewEncoder(w).Encode(body)
}
