module example.com/forks-children

go 1.21
