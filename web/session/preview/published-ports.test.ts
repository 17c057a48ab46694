import { expect, it } from "vitest";
import { FakeConnection } from "../../http/fake-connection.ts";
import { encodeText } from "../../protocol/text.ts";
import { PublishedPorts } from "./published-ports.ts";

const HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

function chunk(text: string): Uint8Array {
  return encodeText(`${text.length.toString(16)}\r\n${text}\r\n`);
}

/** An answer to GET /containers/json. */
function list(...containers: readonly object[]): Uint8Array {
  const json = JSON.stringify(containers);
  return encodeText(`HTTP/1.1 200 OK\r\nContent-Length: ${json.length}\r\n\r\n${json}`);
}

const WEB = {
  Names: ["/web"],
  Ports: [
    { IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
    { IP: "::", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
    { IP: "0.0.0.0", PrivatePort: 53, PublicPort: 5353, Type: "udp" },
    { PrivatePort: 443, Type: "tcp" },
  ],
};

it("lists the ports, and lists them again when something happens to a container", async () => {
  const connections: FakeConnection[] = [];
  const ports = new PublishedPorts(() => {
    const connection = new FakeConnection();
    connections.push(connection);
    return connection;
  });
  const connection = async (index: number): Promise<FakeConnection> => {
    for (;;) {
      const found = connections[index];
      if (found !== undefined) return found;
      await new Promise(resolve => setImmediate(resolve));
    }
  };
  const changes: (readonly object[])[] = [];
  ports.value.subscribe(value => changes.push(value));
  const end = new AbortController();
  const following = ports.follow(end.signal);

  const events = await connection(0);
  events.say(encodeText(HEAD));
  (await connection(1)).say(list());
  events.say(chunk('{"Action":"start"}\n'));
  (await connection(2)).say(list(WEB));
  events.say(chunk('{"Action":"die"}\n'));
  (await connection(3)).say(list());
  end.abort();
  await following;

  expect(events.sent).toMatch(/^GET \/events\?filters=/);
  expect(connections[1]?.sent).toMatch(/^GET \/containers\/json HTTP/);
  expect(changes).toContainEqual([{ port: 8080, container: "web" }]);
  expect(changes.at(-1)).toEqual([]);
});
