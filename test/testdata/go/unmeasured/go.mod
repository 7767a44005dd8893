module example.com/unmeasured

go 1.21
