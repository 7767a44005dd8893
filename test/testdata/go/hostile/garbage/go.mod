module example.com/garbage

go 1.21
