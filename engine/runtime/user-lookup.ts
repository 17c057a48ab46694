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

/** An entry of passwd(5). */
interface UserEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** An entry of group(5). */
interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const MAX_ID = 2 ** 31 - 1;

function fieldsOf(text: string): string[][] {
  const lines = text.split("\n").map(line => line.trim());
  return lines.filter(line => line && !line.startsWith("#")).map(line => line.split(":"));
}

/** What is no number counts as 0, as Docker reads misbehaving files. */
function numberOf(field: string | undefined): number {
  return field !== undefined && /^\d+$/.test(field) ? Number(field) : 0;
}

function usersOf(text: string): UserEntry[] {
  return fieldsOf(text).map(([name = "", , uid, gid, , home]) => ({
    name,
    uid: numberOf(uid),
    gid: numberOf(gid),
    home: home || "/",
  }));
}

function groupsOf(text: string): GroupEntry[] {
  return fieldsOf(text).map(([name = "", , gid, members]) => ({
    name,
    gid: numberOf(gid),
    members: members ? members.split(",") : [],
  }));
}

/** The number that a text is, in range; null for a name. */
function asId(text: string): number | null {
  if (!/^-?\d+$/.test(text)) return null;
  const id = Number(text);
  if (id < 0 || id > MAX_ID) throw new EngineError("invalid", `uids and gids must be in range 0-${MAX_ID}`);
  return id;
}

function findUser(users: readonly UserEntry[], wanted: string): UserEntry | undefined {
  const uid = wanted === "" ? 0 : asId(wanted);
  const found = users.find(({ name, uid: known }) => (uid === null ? name === wanted : known === uid));
  if (!found && uid === null)
    throw new EngineError("invalid", `unable to find user ${wanted}: no matching entries in passwd file`);
  return found;
}

/** `what` starts the message where there is none. */
function findGroup(groups: readonly GroupEntry[], wanted: string, what: string): number {
  const gid = asId(wanted);
  if (gid !== null) return gid;
  const found = groups.find(({ name }) => name === wanted);
  if (!found) throw new EngineError("invalid", `${what} ${wanted}: no matching entries in group file`);
  return found.gid;
}

/**
 * Finds the user that "user", "uid", "user:group" and so on name, by Docker's rules: digits are always a number,
 * which need not exist; supplementary groups count only where no group was named. `extraGroups` come on top. Throws
 * "invalid" in Docker's words.
 */
export function lookUpUser(text: string, files: UserFiles, extraGroups: readonly string[] = []): FoundUser {
  const [wanted = "", groupName = ""] = text.split(":", 2);
  const groups = groupsOf(files.group);
  const found = findUser(usersOf(files.passwd), wanted);
  const uid = found?.uid ?? asId(wanted || "0") ?? 0;
  const gid = groupName ? findGroup(groups, groupName, "unable to find group") : (found?.gid ?? 0);
  const memberships = groupName || !found ? [] : groups.filter(({ members }) => members.includes(found.name));
  const extra = extraGroups.map(group => findGroup(groups, group, "Unable to find group"));
  // The primary group is listed too, as `id` in a container of Docker's shows.
  const all = new Set([gid, ...memberships.map(group => group.gid), ...extra]);
  return { uid, gid, groups: [...all], home: found?.home ?? "/" };
}
