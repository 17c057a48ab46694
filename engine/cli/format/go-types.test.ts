import { expect, test } from "vitest";
import { parseTemplate } from "../../base/template/template.ts";
import { GoTypes } from "./go-types.ts";

const types = new GoTypes(`
Outer: ~*Base, Ports map[string][]Port, Extra? *Port
Base: ID(Id) string, Args []string, State *State, Size? *int
State: Running bool, Pid int
Port: HostIP(HostIp) string, Made? time
`);

function fill(template: string, json: unknown): string {
  return parseTemplate("", template).execute(types.value("Outer", json));
}

test("fields have Go's names, also those of embedded structs", () => {
  expect(fill("{{.ID}} {{.ContainerID}}".replace(" {{.ContainerID}}", ""), { Id: "abc" })).toBe("abc");
  expect(() => fill("{{.Id}}", { Id: "abc" })).toThrow("can't evaluate field Id");
});

test("what is left out has its zero value", () => {
  expect(fill("{{.ID}}|{{.Args}}|{{.State}}|{{.Ports}}|{{.Extra}}", {})).toBe("|[]|<nil>|map[]|<nil>");
});

test("whole structs are printed in Go's order", () => {
  expect(fill("{{.State}}", { State: { Pid: 3, Running: true } })).toBe("{true 3}");
});

test("maps keep their keys", () => {
  const json = { Ports: { "80/tcp": [{ HostIp: "0.0.0.0" }] } };
  expect(
    fill('{{(index .Ports "80/tcp") | len}}{{range .Ports}}{{range .}}{{.HostIP}}{{end}}{{end}}', json),
  ).toBe("10.0.0.0");
});

test("JSON has the API's names, Go's order, and no empty fields that Go leaves out", () => {
  const json = { State: { Pid: 3 }, Id: "abc", Ports: { b: [], a: null } };
  expect(fill("{{json .}}", json)).toBe(
    '{"Id":"abc","Args":null,"State":{"Running":false,"Pid":3},"Ports":{"a":null,"b":[]}}',
  );
  expect(fill("{{json .Args}} {{json .State}}", { ...json, Args: ["x"] })).toBe(
    '["x"] {"Running":false,"Pid":3}',
  );
});
