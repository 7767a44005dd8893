// From how many pairs on are counts that agree in every run of a side taken for exact?
//
// One run agrees with itself. A pool that the collector empties makes a count jump between a few
// values (fastjson's Parse/citm: 10,225 or 20,417 allocations), so runs often agree by chance.
// Where each run draws one of two values, n pairs that all show one on base and the other on head
// have probability 2^(1-2n) at most: 0.05 % at six pairs, 4 % over eighty such benchmarks. Four
// pairs were tried: ten harmless benchmarks of one package were called regressed.
export const FEWEST_EXACT_PAIRS = 6;
