// From how many pairs on are counts that agree in every run of a side taken for exact?
//
// One run agrees with itself. A pool or a growing table makes counts differ from run to run, and
// testing prints whole allocations, so two runs often agree by chance. Under such chance, n pairs
// that all show one value on base and another on head have probability 2^(1-2n) at most (each run
// draws one of two values): below 1 % from four pairs on.
export const FEWEST_EXACT_PAIRS = 4;
