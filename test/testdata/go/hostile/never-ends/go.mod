module example.com/never-ends

go 1.21
