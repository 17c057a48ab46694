/** What the previewed server in the guest has: busybox httpd with a few files and CGI programs. */

/** A picture of one pixel, and behind it every byte that there is: browsers look at the picture alone. */
export const PICTURE = Buffer.concat([
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "base64",
  ),
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
]);

/** Bytes of the large download. */
export const LARGE = 20 * 1024 * 1024;

const INDEX = `<!doctype html><title>Guest</title><link rel=stylesheet href=/style.css>
<h1>It works</h1><img id=picture src=/picture.png><a href=page.html>next</a>
<form method=post action=/cgi-bin/form><input name=word><button>Send</button></form>`;

/** Answers with head and body of its own making: \`Location\` as programs in the guest write it. */
const REDIRECT = String.raw`#!/bin/sh
printf 'HTTP/1.1 302 Found\r\nLocation: http://localhost:8080/page.html?from=redirect\r\nSet-Cookie: seen=yes; HttpOnly\r\n\r\n'`;

const FORM = String.raw`#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\n'
echo "$REQUEST_METHOD $CONTENT_TYPE $CONTENT_LENGTH"
cat; echo; echo "cookie: $HTTP_COOKIE"`;

const GZIP = String.raw`#!/bin/sh
printf 'Content-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n'
seq 1 5000 | gzip`;

const CHUNKED = String.raw`#!/bin/sh
printf 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n again\r\n0\r\n\r\n'`;

const EMPTY = String.raw`#!/bin/sh
printf 'HTTP/1.1 204 No Content\r\n\r\n'`;

/** Promises more than it sends, and then stays until it is killed. */
const STUCK = String.raw`#!/bin/sh
printf 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n'
head -c 100000 /dev/zero
echo $$ > /tmp/stuck.pid
exec sleep 1000`;

/** Kills the server's program in the middle of that answer. */
const BREAK_OFF = `#!/bin/sh
until [ -s /tmp/stuck.pid ]; do sleep 0.2; done
kill -9 $(cat /tmp/stuck.pid)
`;

const FILES: Readonly<Record<string, string>> = {
  "index.html": INDEX,
  "style.css": "h1 { color: rgb(1, 2, 3) }",
  "page.html": "<!doctype html><title>Second</title><p>the second page",
  "hostile.html": "<!doctype html><title>Hostile</title><p>meaning harm",
  "evil.js": "addEventListener('fetch', event => event.respondWith(new Response('evil')))",
  which: "8080",
  "cgi-bin/redirect": REDIRECT,
  "cgi-bin/form": FORM,
  "cgi-bin/gzip": GZIP,
  "cgi-bin/chunked": CHUNKED,
  "cgi-bin/empty": EMPTY,
  "cgi-bin/stuck": STUCK,
};

/** A shell script that makes all that and serves it on port 8080. */
export const SETUP = [
  "mkdir -p /www/cgi-bin && cd /www",
  ...Object.entries(FILES).map(([name, text]) => put(name, Buffer.from(`${text}\n`))),
  put("picture.png", PICTURE),
  "chmod +x cgi-bin/*",
  `head -c ${LARGE} /dev/urandom > large.bin`,
  put("/usr/bin/break-off", Buffer.from(BREAK_OFF)),
  "chmod +x /usr/bin/break-off; mkdir /other; echo 8081 > /other/which",
  "cd; httpd -p 8080 -h /www; httpd -p 8081 -h /other",
].join("\n");

function put(name: string, bytes: Buffer): string {
  return `echo ${bytes.toString("base64")} | base64 -d > ${name}`;
}
