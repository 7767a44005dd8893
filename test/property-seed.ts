// Properties draw the same inputs in every run, so that CI is red for what a change did and not for
// luck. FAST_CHECK_SEED=$RANDOM npm test looks for more.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_125) });
