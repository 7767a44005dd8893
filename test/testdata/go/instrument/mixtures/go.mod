module example.com/mixtures

go 1.21
