// What the profile-guided build of jsrun watches: the kind of JavaScript that a daemon and a command line run.
// It is frozen on purpose; the engine's own code would make each of its changes a reason to rebuild.
import * as digest from "native:digest";
import * as fs from "native:fs";
import * as http from "native:http";
import * as loop from "native:loop";
import * as text from "native:text";

const ROUNDS = 300;

class Registry {
  #items = new Map();
  #order = [];

  add(name, value) {
    if (this.#items.has(name)) throw new TypeError(`duplicate ${name}`);
    this.#items.set(name, { name, value, labels: { [name]: `${value}` } });
    this.#order.push(name);
    return this;
  }

  get(name) {
    return this.#items.get(name) ?? null;
  }

  *[Symbol.iterator]() {
    for (const name of this.#order) yield this.#items.get(name);
  }

  filter(test) {
    return [...this].filter(test).map(({ name, value }) => ({ name, value }));
  }
}

function parseQuery(line) {
  const [method = "", target = "/"] = line.split(" ");
  const question = target.indexOf("?");
  const query = new Map();
  if (question >= 0)
    for (const part of target.slice(question + 1).split("&")) {
      const equals = part.indexOf("=");
      query.set(part.slice(0, equals), decodeURIComponent(part.slice(equals + 1)));
    }
  return { method, path: target.replace(/^\/v\d+\.\d+(?=\/)/, "").split("?")[0], query };
}

function handleRequests() {
  const raw = text.encode(
    "GET /v1.50/containers/json?all=1&filters=%7B%22status%22%3A%5B%22running%22%5D%7D HTTP/1.1\r\n" +
      "Host: docker\r\nUser-Agent: docker/28\r\nAccept-Encoding: gzip\r\n\r\n",
  );
  const head = http.parseHead(raw, 0, raw.length);
  const { method, path, query } = parseQuery(head[1]);
  const filters = JSON.parse(query.get("filters") ?? "{}");
  const list = Array.from({ length: 5 }, (_, index) => ({
    Id: digest.sha256(`container ${index}`),
    Names: [`/name_${index}`],
    Command: ["sh", "-c", "while true; do sleep 1; done"]
      .map(word => (word.includes(" ") ? `'${word}'` : word))
      .join(" "),
    Created: 1_700_000_000 + index,
    Labels: { role: "web", tier: `${index % 2}` },
    State: filters.status?.[0] ?? "exited",
  }));
  const body = JSON.stringify(list);
  return [`${method} ${path}`, body.length, JSON.parse(body).map(item => item.Id.slice(0, 12))];
}

function formatTable(rows) {
  const header = ["CONTAINER ID", "IMAGE", "COMMAND", "STATUS", "NAMES"];
  const lines = [
    header,
    ...rows.map(([id, name]) => [id, "busybox", `"sh -c '${name}"`, "Up 3 seconds", name]),
  ];
  const widths = header.map((_, column) => Math.max(...lines.map(line => line[column].length)));
  return lines
    .map(line =>
      line
        .map((cell, column) => cell.padEnd(widths[column] + 3))
        .join("")
        .trimEnd(),
    )
    .join("\n");
}

function parseFlags(words) {
  const values = {};
  const rest = [];
  for (let i = 0; i < words.length; i++) {
    const match = /^--?([\w-]+)(?:=(.*))?$/.exec(words[i]);
    if (!match) rest.push(words[i]);
    else if (match[2] !== undefined) values[match[1]] = match[2];
    else if (match[1] === "e") (values.e ??= []).push(words[++i]);
    else values[match[1]] = true;
  }
  return { values, rest };
}

function planMounts(root) {
  const steps = [];
  for (const [target, type, flags] of [
    ["/proc", "proc", 14],
    ["/dev", "tmpfs", 2],
    ["/sys", "sysfs", 15],
  ])
    steps.push(["place", root, target, "directory", type, type, flags, ""]);
  for (const path of ["/proc/kcore", "/proc/keys", "/sys/firmware"]) steps.push(["mask", path]);
  return steps.map(step => `${step.length}\0${step.join("\0")}\0`).join("");
}

async function pipeline(registry) {
  const results = [];
  for (const item of registry) {
    results.push(await Promise.resolve(item.value * 2));
    try {
      if (item.value % 7 === 0) throw new RangeError(`unlucky ${item.value}`);
    } catch (error) {
      results.push(error instanceof RangeError ? error.message : String(error));
    }
  }
  return results.length;
}

async function main() {
  const scratch = `/tmp/jsrun-training-${loop.monotonic()}`;
  fs.mkdirs(scratch);
  let checksum = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const registry = new Registry();
    for (let i = 0; i < 20; i++) registry.add(`item-${i}`, i + round);
    const [line, length, ids] = handleRequests();
    const table = formatTable(ids.map((id, index) => [id, `name_${index}`]));
    const { values, rest } = parseFlags(["run", "--rm", "-e", "A=b", "--name=web", "busybox", "true"]);
    const state = {
      status: "created",
      ...values,
      id: digest.sha256(line),
      env: { ...values, path: rest.join("/") },
    };
    fs.writeFile(`${scratch}/state.json`, JSON.stringify(state));
    const back = JSON.parse(fs.readText(`${scratch}/state.json`));
    const sorted = registry.filter(item => item.value % 2 === 0).toSorted((a, b) => b.value - a.value);
    checksum += length + table.length + planMounts("/merged").length + sorted.length + back.id.length;
    checksum += await pipeline(registry);
  }
  fs.unlink(`${scratch}/state.json`);
  fs.rmdir(scratch);
  if (checksum <= 0) loop.exit(1);
}

await main();
