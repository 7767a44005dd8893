module tailguard.dev/probe

go 1.21
