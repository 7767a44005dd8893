module example.com/escape-gained

go 1.21
