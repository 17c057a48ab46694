import { API_VERSION } from "../../api/system.ts";
import { CLIENT_VERSION } from "../client-version.ts";
import type { CommandContext } from "../context.ts";

/** Go's names of architectures, by those of uname(2). */
const architectures: Readonly<Record<string, string>> = {
  i386: "386",
  i486: "386",
  i586: "386",
  i686: "386",
  x86_64: "amd64",
  aarch64: "arm64",
};

/** This client, under the names that its JSON has. */
export function clientInfo({ sys }: CommandContext, apiVersion: string) {
  return {
    Version: CLIENT_VERSION.version,
    ApiVersion: apiVersion,
    DefaultAPIVersion: API_VERSION,
    GitCommit: CLIENT_VERSION.commit,
    GoVersion: CLIENT_VERSION.language,
    Os: "linux",
    Arch: architectures[sys.architecture] ?? sys.architecture,
    BuildTime: "",
    Context: "default",
  };
}
