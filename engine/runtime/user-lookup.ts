import { EngineError } from "../base/errors.ts";
import type { ProcessUser } from "./process-spec.ts";

/** The contents of a container's /etc/passwd and /etc/group; empty where it has none. */
export interface UserFiles {
  readonly passwd: string;
  readonly group: string;
}

/** Who to run as, and the home directory that goes with it. */
export interface FoundUser extends ProcessUser {
  readonly home: string;
}

const MAX_ID = 2 ** 31 - 1;

function entries(text: string): string[][] {
  return text
    .split("\n")
    .filter(line => line && !line.startsWith("#"))
    .map(line => line.split(":"));
}

function asId(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

function checkRange(id: number, what: string): void {
  if (id > MAX_ID) throw new EngineError("invalid", `${what}s must be in range 0-${MAX_ID}`);
}

function findGroup(groups: readonly string[][], name: string): number {
  const found = groups.find(fields => fields[0] === name || fields[2] === name);
  const id = found ? Number(found[2]) : asId(name);
  if (id === null)
    throw new EngineError("invalid", `unable to find group ${name}: no matching entries in group file`);
  checkRange(id, "gid");
  return id;
}

/**
 * Finds the user that "user", "uid", "user:group" and so on name, by Docker's rules: names come first, a number
 * need not exist; supplementary groups count only where no group was named. Throws "invalid" with Docker's words.
 */
export function lookUpUser(text: string, files: UserFiles, extraGroups: readonly string[] = []): FoundUser {
  const [name = "", groupName = ""] = text.split(":", 2);
  const users = entries(files.passwd);
  const groups = entries(files.group);
  const wanted = name || "0";
  const found =
    users.find(fields => fields[0] === wanted) ??
    users.find(fields => asId(wanted) !== null && fields[2] === wanted);
  const uid = found ? Number(found[2]) : asId(wanted);
  if (uid === null)
    throw new EngineError("invalid", `unable to find user ${name}: no matching entries in passwd file`);
  checkRange(uid, "uid");
  const gid = groupName ? findGroup(groups, groupName) : found ? Number(found[3]) : 0;
  const login = found?.[0];
  const member =
    groupName || login === undefined
      ? []
      : groups
          .filter(fields => (fields[3] ?? "").split(",").includes(login))
          .map(fields => Number(fields[2]));
  const extra = extraGroups.map(group => findGroup(groups, group));
  // The primary group is listed too, as `id` in a container of Docker's shows.
  return { uid, gid, groups: [...new Set([gid, ...member, ...extra])], home: found?.[5] || "/" };
}
