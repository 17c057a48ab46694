/** All commands: a row for each place where one can be found. */
import type { CommandTree } from "./command.ts";
import { attachCommand } from "./container/attach.ts";
import { cpCommand } from "./container/cp.ts";
import { createCommand } from "./container/create.ts";
import { diffCommand } from "./container/diff.ts";
import { execCommand } from "./container/exec.ts";
import { exportCommand } from "./container/export.ts";
import { killCommand } from "./container/kill.ts";
import { logsCommand } from "./container/logs.ts";
import { psCommand } from "./container/ps.ts";
import { renameCommand } from "./container/rename.ts";
import { rmCommand } from "./container/rm.ts";
import { runCommand } from "./container/run.ts";
import { startCommand } from "./container/start.ts";
import { statsCommand } from "./container/stats.ts";
import { restartCommand, stopCommand } from "./container/stop.ts";
import { topCommand } from "./container/top.ts";
import { waitCommand } from "./container/wait.ts";
import { historyCommand } from "./image/history.ts";
import { imagesCommand } from "./image/images.ts";
import { pullCommand } from "./image/pull.ts";
import { rmiCommand } from "./image/rmi.ts";
import { tagCommand } from "./image/tag.ts";
import {
  containerInspectCommand,
  imageInspectCommand,
  inspectCommand,
  volumeInspectCommand,
} from "./inspect/commands.ts";
import { eventsCommand } from "./system/events.ts";
import { infoCommand } from "./system/info.ts";
import { versionCommand } from "./system/version.ts";
import { volumeCreateCommand } from "./volume/create.ts";
import { volumeListCommand } from "./volume/ls.ts";
import { volumePruneCommand } from "./volume/prune.ts";
import { volumeRemoveCommand } from "./volume/rm.ts";

/** Both directions of a copy, each on its line. */
const CP_USAGE =
  "cp [OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH";

/** Commands about containers that have the same name at the top and in their group. */
const containerRows = [
  { usage: "attach [OPTIONS] CONTAINER", command: attachCommand },
  { usage: "create [OPTIONS] IMAGE [COMMAND] [ARG...]", command: createCommand },
  { usage: CP_USAGE, command: cpCommand },
  { usage: "diff CONTAINER", command: diffCommand },
  { usage: "export [OPTIONS] CONTAINER", command: exportCommand },
  { usage: "kill [OPTIONS] CONTAINER [CONTAINER...]", command: killCommand },
  { usage: "logs [OPTIONS] CONTAINER", command: logsCommand },
  { usage: "rename CONTAINER NEW_NAME", command: renameCommand },
  { usage: "restart [OPTIONS] CONTAINER [CONTAINER...]", command: restartCommand },
  { usage: "rm [OPTIONS] CONTAINER [CONTAINER...]", aliases: ["remove"], command: rmCommand },
  { usage: "start [OPTIONS] CONTAINER [CONTAINER...]", command: startCommand },
  { usage: "stats [OPTIONS] [CONTAINER...]", command: statsCommand },
  { usage: "stop [OPTIONS] CONTAINER [CONTAINER...]", command: stopCommand },
  { usage: "top CONTAINER [ps OPTIONS]", command: topCommand },
  { usage: "wait CONTAINER [CONTAINER...]", command: waitCommand },
];

const runRow = { usage: "run [OPTIONS] IMAGE [COMMAND] [ARG...]", command: runCommand };
const execRow = { usage: "exec [OPTIONS] CONTAINER COMMAND [ARG...]", command: execCommand };
const pullRow = { usage: "pull [OPTIONS] NAME[:TAG|@DIGEST]", command: pullCommand };
const historyRow = { usage: "history [OPTIONS] IMAGE", command: historyCommand };
const tagRow = { usage: "tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]", command: tagCommand };
const eventsRow = { usage: "events [OPTIONS]", command: eventsCommand };
const infoRow = { usage: "info [OPTIONS]", command: infoCommand };

export const commands: CommandTree = {
  rows: [
    { ...runRow, isCommon: true },
    { ...execRow, isCommon: true },
    { usage: "ps [OPTIONS]", command: psCommand, isCommon: true },
    { ...pullRow, isCommon: true },
    { usage: "images [OPTIONS] [REPOSITORY[:TAG]]", command: imagesCommand, isCommon: true },
    { usage: "version [OPTIONS]", command: versionCommand, isCommon: true },
    { ...infoRow, isCommon: true },
    ...containerRows,
    eventsRow,
    historyRow,
    { usage: "inspect [OPTIONS] NAME|ID [NAME|ID...]", command: inspectCommand },
    { usage: "rmi [OPTIONS] IMAGE [IMAGE...]", command: rmiCommand },
    tagRow,
  ],
  groups: [
    {
      name: "container",
      summary: "Manage containers",
      rows: [
        ...containerRows,
        execRow,
        { usage: "inspect [OPTIONS] CONTAINER [CONTAINER...]", command: containerInspectCommand },
        { usage: "ls [OPTIONS]", aliases: ["ps", "list"], command: psCommand },
        runRow,
      ],
    },
    {
      name: "image",
      summary: "Manage images",
      rows: [
        historyRow,
        { usage: "inspect [OPTIONS] IMAGE [IMAGE...]", command: imageInspectCommand },
        { usage: "ls [OPTIONS] [REPOSITORY[:TAG]]", aliases: ["list"], command: imagesCommand },
        pullRow,
        { usage: "rm [OPTIONS] IMAGE [IMAGE...]", aliases: ["rmi", "remove"], command: rmiCommand },
        tagRow,
      ],
    },
    { name: "system", summary: "Manage the daemon", rows: [eventsRow, infoRow] },
    {
      name: "volume",
      usage: "volume COMMAND",
      summary: "Manage volumes",
      rows: [
        { usage: "create [OPTIONS] [VOLUME]", command: volumeCreateCommand },
        { usage: "inspect [OPTIONS] VOLUME [VOLUME...]", command: volumeInspectCommand },
        { usage: "ls [OPTIONS]", aliases: ["list"], command: volumeListCommand },
        { usage: "prune [OPTIONS]", command: volumePruneCommand },
        { usage: "rm [OPTIONS] VOLUME [VOLUME...]", aliases: ["remove"], command: volumeRemoveCommand },
      ],
    },
  ],
};
