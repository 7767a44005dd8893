// Prints "N passed, N failed" as the very last line, the form CI reads.
import type { Reporter, TestModule } from "vitest/node";

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    let skipped = 0;
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === "passed") passed++;
        else if (state === "failed") failed++;
        else skipped++;
      }
      if (failed === before && module.state() === "failed") failed++;
    }
    process.once("exit", () => {
      const tail = skipped === 0 ? "" : `, ${skipped} skipped`;
      process.stdout.write(`${passed} passed, ${failed} failed${tail}\n`);
    });
  }
}
