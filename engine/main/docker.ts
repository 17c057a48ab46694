/** `docker` as a process of its own, for where no host runs. */
import { messageOf } from "../base/errors.ts";
import { nativeSys, program } from "../sys/quickjs/sys.ts";
import { openCommandLine } from "./cli-shared.ts";
import { ProcessSession } from "./process-session.ts";

const sys = nativeSys();
program.setName("docker");
program.onUnhandledRejection((_, reason) => program.writeError(`docker: ${messageOf(reason)}\n`));
const session = new ProcessSession({ ...sys, program });
void openCommandLine(sys)
  .run(session)
  .then(status => {
    session.releaseTerminal();
    program.exit(status);
  });
