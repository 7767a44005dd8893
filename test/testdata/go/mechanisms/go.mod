module example.com/mechanisms

go 1.21
