import { echoSite } from "./echo-site.ts";
import { pageSite } from "./page-site.ts";
import { registrySite } from "./registry-site.ts";
import type { FileSource, Site } from "./site.ts";

/** The registry with our images, which daemon.json names as a mirror of Docker Hub. */
export const HUB_HOST = "hub.drydock.internal";

/** Answers with what it was asked. */
export const ECHO_HOST = "echo.drydock.internal";

/** The names that RFC 2606 keeps for examples. */
const EXAMPLES = ["example.com", "example.net", "example.org"];

const EXAMPLE = `<p>You have reached a host of the sandbox internet. It stands for any web server that a program might talk to; its
name belongs to nobody but those who need an example.</p>`;

const DIRECTORY = `<p>The machine that you are in is not connected to the world. These hosts exist for it:</p>
<ul>
<li><a href="http://example.com/">example.com</a>, example.net, example.org: a small page each</li>
<li><a href="http://${ECHO_HOST}/">${ECHO_HOST}</a>: tells as JSON what request it has received</li>
<li>${HUB_HOST}: the registry that <code>docker pull</code> asks</li>
</ul>`;

/** Every host of the sandbox internet by name. `hub` has the registry's files. */
export function sandboxHosts(hub: FileSource): ReadonlyMap<string, Site> {
  const example = pageSite("Example", EXAMPLE);
  const examples = EXAMPLES.flatMap(name => [name, `www.${name}`]);
  return new Map<string, Site>([
    [HUB_HOST, registrySite(hub)],
    [ECHO_HOST, echoSite],
    ["drydock.internal", pageSite("The sandbox internet", DIRECTORY)],
    ...examples.map(name => [name, example] as const),
  ]);
}
