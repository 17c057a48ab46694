/** The machine worker's entry point. */
import { expose } from "comlink";
import { MachineHost } from "./machine-host.ts";
import { MachineService } from "./machine-service.ts";

const host = new MachineHost();
// v86 starts itself in callbacks of its own: what fails there reaches nobody else.
globalThis.addEventListener("unhandledrejection", event => host.fail(event.reason));
globalThis.addEventListener("error", event => host.fail(event.error));
expose(new MachineService(host));
