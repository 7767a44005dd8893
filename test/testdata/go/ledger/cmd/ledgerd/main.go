// Ledgerd serves an empty ledger over HTTP.
package main

import (
	"flag"
	"log"
	"net/http"
	"time"

	"example.com/ledger/api"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	server := &http.Server{
		Addr:              *listen,
		Handler:           api.NewServer(),
		ReadHeaderTimeout: 5 * time.Second,
	}
	log.Printf("listening on %s", *listen)
	log.Fatal(server.ListenAndServe())
}
