import { defineConfig } from "vitest/config";

// "slow" tests start real processes, Go builds or databases; `npm test` runs the quick ones only,
// `script/test` runs both.
const QUICK = ["test/**/*.test.ts"];
const SLOW = ["test/**/*.slow.test.ts"];

export default defineConfig({
  test: {
    reporters: ["default", "./test/reporter.ts"],
    projects: [
      {
        test: {
          name: "quick",
          include: QUICK,
          exclude: SLOW,
          setupFiles: "test/property-seed.ts",
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "slow",
          include: SLOW,
          globalSetup: "test/build-program.ts",
          setupFiles: "test/property-seed.ts",
          testTimeout: 180_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          // They measure on machines that others use too; what is wrong is wrong twice.
          retry: process.env.CI === undefined ? 0 : 1,
          // Projects with another number of workers must have their own turn.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
