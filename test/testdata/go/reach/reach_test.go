package reach

import (
	"fmt"
	"reflect"
	"testing"

	"example.com/reach/leaf"
)

var (
	sink   int
	result string
)

func TestOnlyTested(t *testing.T) {
	if onlyTested(0) != 0x55 {
		t.Fatal("wrong")
	}
}

func BenchmarkInterface(b *testing.B) {
	for i := 0; i < b.N; i++ {
		for _, one := range shapes {
			sink += one.area()
		}
	}
}

func BenchmarkTable(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += int(power(i))
	}
}

func BenchmarkGeneric(b *testing.B) {
	all := []float64{1, 3, 2}
	for i := 0; i < b.N; i++ {
		sink += int(largest(all))
	}
}

func BenchmarkDevirtualized(b *testing.B) {
	f := &file{}
	for i := 0; i < b.N; i++ {
		sink += readFile(f)
	}
}

func BenchmarkRegistry(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += callRegistered("negate", i)
	}
}

func BenchmarkOperations(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += operations[i&1](i)
	}
}

func BenchmarkPromoted(b *testing.B) {
	o := &outer{}
	for i := 0; i < b.N; i++ {
		sink += o.bump()
	}
}

func BenchmarkClosure(b *testing.B) {
	b.Run("five", func(b *testing.B) {
		add := adder(5)
		for i := 0; i < b.N; i++ {
			sink += apply(add, i)
		}
	})
}

func BenchmarkMethodValue(b *testing.B) {
	c := &counter{}
	for i := 0; i < b.N; i++ {
		sink += apply(c.count, i)
	}
}

func BenchmarkConstant(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += clamp(i)
	}
}

func BenchmarkString(b *testing.B) {
	for i := 0; i < b.N; i++ {
		result = greeting(i)
	}
}

func BenchmarkLayout(b *testing.B) {
	all := make([]record, 10)
	for i := 0; i < b.N; i++ {
		sink += int(total(all))
	}
}

func BenchmarkStringer(b *testing.B) {
	for i := 0; i < b.N; i++ {
		result = fmt.Sprint(celsius{i})
	}
}

func BenchmarkReflection(b *testing.B) {
	h := &holder{&hidden{2}}
	for i := 0; i < b.N; i++ {
		method := reflect.ValueOf(h).Elem().Field(0).MethodByName("Reveal")
		sink += int(method.Call(nil)[0].Int())
	}
}

func BenchmarkGoroutine(b *testing.B) {
	for i := 0; i < b.N; i++ {
		out := make(chan int)
		go produce(out, 3)
		for n := range out {
			sink += n
		}
	}
}

func BenchmarkTypeSwitch(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += kindOf(shapes[i&1])
	}
}

func BenchmarkOtherPackage(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += leaf.Twist(i)
	}
}

func BenchmarkStartUp(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += startUp
	}
}
