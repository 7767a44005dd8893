module example.com/prints-without-end

go 1.21
