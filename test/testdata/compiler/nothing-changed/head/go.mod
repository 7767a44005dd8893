module example.com/nothing-changed

go 1.21
