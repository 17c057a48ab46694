import { describe, expect, it } from "vitest";
import { Tabs } from "./tabs.ts";
import { Terminal } from "./terminal.ts";

function setUp() {
  const tabs = new Tabs(id => new Terminal(id, () => undefined));
  const ids = (): number[][] => tabs.all.value.map(tab => tab.terminals.value.map(({ id }) => id));
  const tabAt = (index: number) => {
    const tab = tabs.all.value[index];
    if (tab === undefined) throw new Error(`there is no tab ${index}`);
    return tab;
  };
  return { tabs, ids, tabAt };
}

describe("tabs", () => {
  it("begin with one, and turn to each that is opened", () => {
    const { tabs, ids, tabAt } = setUp();
    tabs.open({ name: "logs" });
    expect(ids()).toEqual([[1], [2]]);
    expect(tabs.current.value).toBe(tabAt(1));
    expect(tabs.current.value.name.value).toBe("logs");
    expect(tabs.current.value.active.value.wantsFocus.value).toBe(true);
  });

  it("turn to the neighbour of one that is closed", () => {
    const { tabs, ids, tabAt } = setUp();
    tabs.open();
    tabs.open();
    tabs.selectAt(1);
    tabs.close(tabAt(1));
    expect(ids()).toEqual([[1], [3]]);
    expect(tabs.current.value).toBe(tabAt(1));
    tabs.close(tabAt(1));
    expect(tabs.current.value).toBe(tabAt(0));
  });

  it("stay where they are when another one is closed", () => {
    const { tabs, tabAt } = setUp();
    tabs.open();
    tabs.close(tabAt(0));
    expect(tabs.current.value.id).toBe(2);
  });

  it("are never none", () => {
    const { tabs, ids, tabAt } = setUp();
    tabs.close(tabAt(0));
    expect(ids()).toEqual([[2]]);
    expect(tabs.current.value.id).toBe(2);
  });

  it("can be turned to without the keyboard", () => {
    const { tabs, tabAt } = setUp();
    tabs.open();
    tabs.select(tabAt(0), false);
    expect(tabs.current.value).toBe(tabAt(0));
    expect(tabAt(0).active.value.wantsFocus.value).toBe(false);
    tabs.selectAt(7);
    expect(tabs.current.value).toBe(tabAt(0));
  });
});

describe("a split tab", () => {
  it("has two terminals, not more", () => {
    const { tabs, ids } = setUp();
    tabs.split();
    tabs.split();
    expect(ids()).toEqual([[1, 2]]);
    expect(tabs.current.value.active.value.id).toBe(2);
    expect(tabs.terminals.value.map(({ id }) => id)).toEqual([1, 2]);
  });

  it("lets the keyboard change sides", () => {
    const { tabs } = setUp();
    tabs.split();
    tabs.selectOther();
    expect(tabs.current.value.active.value.id).toBe(1);
    tabs.selectOther();
    expect(tabs.current.value.active.value.id).toBe(2);
  });

  it("is whole again when one of its terminals is closed, and goes with the last", () => {
    const { tabs, ids } = setUp();
    tabs.split();
    tabs.setShare(0.7);
    const [first, second] = tabs.terminals.value;
    if (first === undefined || second === undefined) throw new Error("it is not split");
    tabs.closeTerminal(first);
    expect(ids()).toEqual([[2]]);
    expect(tabs.current.value.share.value).toBe(0.5);
    tabs.closeTerminal(second);
    expect(ids()).toEqual([[3]]);
  });

  it("leaves room for both", () => {
    const { tabs } = setUp();
    tabs.setShare(0.01);
    expect(tabs.current.value.share.value).toBe(0.15);
    tabs.setShare(2);
    expect(tabs.current.value.share.value).toBe(0.85);
  });
});
