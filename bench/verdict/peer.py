# The same tests with scipy and numpy, vectorized over all metrics of a family, as an expert would:
# signed-rank test, betting (scipy has none), Hodges-Lehmann estimate and Walsh interval, medians and
# MAD, then Benjamini-Hochberg and Holm.
#
#   peer.py FILE: {FAMILY: [[[base...], [head...]], ...]}; prints the median of nine in milliseconds.
import json
import sys
import time

import numpy as np
from scipy import stats

FAMILIES = {name: np.array(rows) for name, rows in json.load(open(sys.argv[1])).items()}
STRENGTHS = np.array([1.5, 5.0])[:, None, None]
MINIMUM_EFFECT = np.log(1.01)


def e_process_p(d, shift=0.0):
    scale = np.full(d.shape, 0.03)
    magnitudes = np.abs(d)
    for i in range(1, d.shape[1]):
        scale[:, i] = np.maximum(np.median(magnitudes[:, :i], axis=1), 0.002)
    wealth = [
        np.cumsum(np.log(2) - np.logaddexp(0, -STRENGTHS * (sign * d - shift) / scale), axis=2)
        for sign in (1, -1)
    ]
    log_e = np.logaddexp.reduce(np.concatenate(wealth), axis=0) - np.log(4)
    return np.minimum(1, np.exp(-log_e.max(axis=1)))


def signed_rank_p(d):
    return stats.wilcoxon(d, axis=1, method="exact").pvalue


def holm(p):
    order = np.argsort(p)
    adjusted = np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p))))
    out = np.empty(len(p))
    out[order] = np.minimum(1, adjusted)
    return out


def judge(sides):
    base, head = sides[:, 0], sides[:, 1]
    d = np.log(head / base)
    n = d.shape[1]
    i, j = np.triu_indices(n)
    walsh = np.sort((d[:, i] + d[:, j]) / 2, axis=1)
    center = np.median(walsh, axis=1)
    k = int(n * (n + 1) / 4 - 1.96 * np.sqrt(n * (n + 1) * (2 * n + 1) / 24))
    low, high = walsh[:, k - 1], walsh[:, -k]
    p = np.minimum(1, 2 * np.minimum(e_process_p(d), signed_rank_p(d)))
    beyond = np.ones(len(d))
    moved = (p <= 0.05) & (np.abs(center) > MINIMUM_EFFECT)
    if moved.any():
        one = d[moved]
        shifted = signed_rank_p(np.sign(center[moved])[:, None] * one - MINIMUM_EFFECT)
        beyond[moved] = np.minimum(1, 3 * np.minimum(e_process_p(one, MINIMUM_EFFECT), shifted))
    spread = 1.4826 * stats.median_abs_deviation(d, axis=1)
    bound = np.abs(center) + 1.625 * np.maximum(spread, 0.001) / np.sqrt(n)
    centers = np.median(base, axis=1), np.median(head, axis=1)
    adjusted = stats.false_discovery_control(p)
    blocking = holm(beyond)
    flagged = (adjusted <= 0.02) & (np.abs(center) >= np.log(1.03))
    return int(flagged.sum()), (low, high, bound, centers, blocking)


def main():
    spent = []
    for _ in range(9):
        start = time.perf_counter()
        flagged = sum(judge(sides)[0] for sides in FAMILIES.values())
        spent.append(1000 * (time.perf_counter() - start))
    print(json.dumps({"milliseconds": float(np.median(spent)), "flagged": flagged}))


main()
