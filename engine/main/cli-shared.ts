import { ApiVersions } from "../client/api-versions.ts";
import { CommandLine } from "../cli/command-line.ts";
import { commands } from "../cli/commands.ts";
import { TemplateCache } from "../cli/format/template-cache.ts";
import type { Sys } from "../sys/sys.ts";

/** The command line, ready for one command or for many. */
export function openCommandLine(sys: Sys): CommandLine {
  const shared = {
    sys: { ...sys, architecture: sys.machine().machine },
    versions: new ApiVersions(),
    templates: new TemplateCache(),
  };
  return new CommandLine(commands, shared);
}
