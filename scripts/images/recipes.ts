import type { Recipe } from "./recipe.ts";

const shell = ["images/guest/debian.sh", "images/guest/musl.sh"];
const imageTools = [
  "scripts/images/oci.ts",
  "scripts/images/layer.ts",
  "scripts/images/dockerfile.ts",
  "scripts/images/hub-index.ts",
];
/** What an image of packages over the debian image is built with. */
const debianLayer = [
  "images/guest/debian.sh",
  "images/debian/layer.sh",
  "images/debian/packages.sh",
  "images/debian/tidy.sh",
];

/** Everything that `npm run images` builds, in the order in which it does. */
export const recipes: readonly Recipe[] = [
  {
    name: "kernel",
    script: "images/guest/kernel/build.sh",
    inputs: ["images/guest/kernel"],
    outputs: [
      { from: "bzImage", to: "guest/bzImage" },
      { from: "copyright", to: "copyright/kernel" },
    ],
  },
  {
    name: "firmware",
    script: "images/guest/firmware/build.sh",
    inputs: ["images/guest/firmware", "images/guest/debian.sh"],
    outputs: [
      { from: "bios.bin", to: "guest/bios.bin" },
      { from: "vgabios.bin", to: "guest/vgabios.bin" },
      { from: "copyright", to: "copyright/firmware" },
    ],
  },
  {
    name: "userland",
    script: "images/guest/userland/build.sh",
    inputs: ["images/guest/userland", ...shell],
    outputs: [
      { from: "userland.tar", to: "guest/userland.tar.br", compress: "brotli" },
      { from: "copyright", to: "copyright/userland" },
    ],
  },
  {
    name: "init",
    script: "images/guest/init/build.sh",
    inputs: ["images/guest/init", ...shell],
    outputs: [
      { from: "init", to: "guest/init" },
      { from: "copyright", to: "copyright/init" },
    ],
  },
  {
    name: "runtime",
    script: "images/guest/runtime/build.sh",
    inputs: [
      "engine/native/runtime",
      "engine/native/common",
      "images/guest/runtime",
      "images/guest/debian.sh",
    ],
    outputs: [
      { from: "bin/jsrun", to: "guest/bin/jsrun" },
      { from: "copyright", to: "copyright/runtime" },
    ],
  },
  {
    name: "programs",
    script: "images/guest/programs/build.sh",
    inputs: [
      "engine/native/shim",
      "engine/native/launcher",
      "engine/native/agent",
      "engine/native/common",
      "images/guest/programs",
      ...shell,
    ],
    outputs: [
      { from: "bin/shim", to: "guest/bin/shim" },
      { from: "bin/docker", to: "guest/bin/docker" },
      { from: "bin/agent", to: "guest/bin/agent" },
      { from: "copyright", to: "copyright/programs" },
    ],
  },
  {
    name: "busybox",
    script: "images/busybox/build.sh",
    inputs: [
      "images/busybox",
      "images/guest/userland/busybox.config",
      "images/guest/userland/programs/busybox.sh",
      ...shell,
      ...imageTools,
    ],
    outputs: [{ from: "copyright", to: "copyright/busybox" }],
    image: { dockerfile: "images/busybox/Dockerfile", repository: "library/busybox", tags: ["latest"] },
  },
  {
    name: "hello-world",
    script: "images/hello-world/build.sh",
    inputs: ["images/hello-world", ...imageTools],
    outputs: [],
    image: {
      dockerfile: "images/hello-world/Dockerfile",
      repository: "library/hello-world",
      tags: ["latest"],
    },
  },
  {
    name: "debian",
    script: "images/debian/build.sh",
    inputs: ["images/debian", "images/guest/debian.sh", ...imageTools],
    outputs: [{ from: "copyright", to: "copyright/debian" }],
    image: {
      dockerfile: "images/debian/Dockerfile",
      repository: "library/debian",
      tags: ["latest", "bookworm-slim", "bookworm", "12-slim", "12"],
    },
  },
  {
    name: "nginx",
    script: "images/nginx/build.sh",
    inputs: ["images/nginx", ...debianLayer, ...imageTools],
    outputs: [{ from: "copyright", to: "copyright/nginx" }],
    image: {
      dockerfile: "images/nginx/Dockerfile",
      repository: "library/nginx",
      tags: ["latest", "stable", "1.22"],
    },
  },
];
