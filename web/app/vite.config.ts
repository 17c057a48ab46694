import { join } from "node:path";
import { type LogLevel, type Logger, createLogger, defineConfig } from "vite";
import { DIST, ROOT } from "../../scripts/lib/paths.ts";
import { machinePlugin } from "../../scripts/page/machine-plugin.ts";

/** v86 has a part for Node, which the page's browser never runs. */
const NODE_PART_OF_V86 = /has been externalized for browser compatibility, imported by ".*\/libv86\.mjs"/;

/** Vite's own, without what it says of that part. */
function quieterLogger(level: LogLevel): Logger {
  const logger = createLogger(level);
  const warn = logger.warn.bind(logger);
  logger.warn = (message, options) => {
    if (!NODE_PART_OF_V86.test(message)) warn(message, options);
  };
  return logger;
}

export default defineConfig(({ command }) => ({
  root: join(ROOT, "web", "app"),
  // Any static host will do, and any path on it.
  base: "./",
  cacheDir: join(ROOT, ".cache", "vite"),
  plugins: [machinePlugin()],
  customLogger: quieterLogger(command === "build" ? "warn" : "info"),
  build: {
    outDir: DIST,
    // The machine lies there too: scripts/page/build-page.ts removes what is left of earlier pages.
    emptyOutDir: false,
    target: ["chrome111", "edge111", "firefox115", "safari16.4"],
    // Fonts and pictures as files: the page's policy allows no other scripts and styles than its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: "es" },
  server: { port: 5173 },
}));
