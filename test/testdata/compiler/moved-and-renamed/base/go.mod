module example.com/moved-and-renamed

go 1.21
