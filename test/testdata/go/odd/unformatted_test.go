package odd
import  "testing"
func  BenchmarkUnformatted( b  *testing.B ) { for i:=0;i<b.N;i++ { sink+=Sum( values ) } ; for  range  make([]struct{},b.N){ } }
