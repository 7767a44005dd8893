module example.com/inlining-lost

go 1.21
