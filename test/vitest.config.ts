import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "..");

/** Tests that drive machines, daemons or browsers have the computer to themselves. */
const alone = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    root,
    projects: [
      {
        test: {
          name: "unit",
          root,
          include: ["{engine,web,scripts}/**/*.test.ts", "test/conformance/**/*.test.ts"],
        },
      },
      {
        test: {
          name: "native",
          root,
          include: ["test/*.test.ts", "test/native/**/*.test.ts", "test/engine/**/*.test.ts"],
          ...alone,
        },
      },
      { test: { name: "guest", root, include: ["test/guest/**/*.test.ts"], ...alone } },
      { test: { name: "page", root, include: ["test/page/**/*.test.ts"], ...alone } },
    ],
  },
});
