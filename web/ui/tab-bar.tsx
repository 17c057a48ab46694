import { useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Tab } from "../session/tabs.ts";
import { usePlayground, useStrings } from "./context.ts";
import { CloseHalfIcon, CloseIcon, PlusIcon, SplitIcon } from "./icons.tsx";
import "./tab-bar.css";
import { paneId, tabId, tabName } from "./tab-names.ts";

/** Where a key leads from the tab at `index` of `count`; undefined for keys that lead nowhere. */
function target(key: string, index: number, count: number): number | undefined {
  if (key === "ArrowRight") return (index + 1) % count;
  if (key === "ArrowLeft") return (index + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}

/** The terminals' tabs, and what opens more of them (the tabs pattern of the ARIA Authoring Practices Guide). */
export function TabBar(): JSX.Element {
  const { session } = usePlayground();
  const { tabs } = session;
  const strings = useStrings();
  const current = tabs.current.value;
  const list = useRef<HTMLDivElement>(null);
  const move = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    if (!(event.target instanceof HTMLElement) || event.target.role !== "tab") return;
    const all = tabs.all.value;
    const next = all[target(event.key, all.indexOf(current), all.length) ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    tabs.select(next, false);
    list.current?.querySelector<HTMLElement>(`#${tabId(next)}`)?.focus();
  };
  return (
    <div class="tab-bar">
      <div ref={list} class="tab-list" role="tablist" aria-label={strings.tabs.label} onKeyDown={move}>
        {tabs.all.value.map((tab, index) => (
          <TabItem key={tab.id} tab={tab} number={index + 1} />
        ))}
      </div>
      <BarButton label={strings.tabs.open} onClick={() => tabs.open()}>
        <PlusIcon />
      </BarButton>
      {current.terminals.value.length === 1 ? (
        <BarButton label={strings.tabs.split} onClick={() => tabs.split()}>
          <SplitIcon />
        </BarButton>
      ) : (
        <BarButton label={strings.tabs.closeHalf} onClick={() => tabs.closeTerminal(current.active.value)}>
          <CloseHalfIcon />
        </BarButton>
      )}
    </div>
  );
}

interface BarButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: JSX.Element;
}

function BarButton({ label, onClick, children }: BarButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class="button button-quiet button-icon button-small"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

interface TabItemProps {
  readonly tab: Tab;
  /** Its place, counted from 1. */
  readonly number: number;
}

function TabItem({ tab, number }: TabItemProps): JSX.Element {
  const { tabs } = usePlayground().session;
  const strings = useStrings();
  const renaming = useSignal(false);
  const name = tabName(tab, strings);
  const current = tabs.current.value === tab;
  const startRenaming = (): void => {
    renaming.value = true;
  };
  const takeKey = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    if (event.key === "F2") startRenaming();
    else if (event.key === "Delete") tabs.close(tab);
    else return;
    event.preventDefault();
  };
  return (
    <div class="tab" role="presentation" data-current={current}>
      {renaming.value ? (
        <TabNameField tab={tab} name={name} onEnd={() => (renaming.value = false)} />
      ) : (
        <button
          type="button"
          class="tab-name"
          role="tab"
          id={tabId(tab)}
          aria-selected={current}
          aria-controls={tab.terminals.value.map(paneId).join(" ")}
          aria-keyshortcuts={number <= 9 ? `Alt+${number} F2 Delete` : "F2 Delete"}
          tabIndex={current ? 0 : -1}
          title={number <= 9 ? `${strings.tabs.renameHint} · Alt+${number}` : strings.tabs.renameHint}
          onClick={({ detail }) => {
            // The second click of two renames: the keyboard stays here.
            if (detail < 2) tabs.select(tab);
          }}
          onDblClick={startRenaming}
          onKeyDown={takeKey}
        >
          {name}
        </button>
      )}
      {tabs.all.value.length > 1 ? (
        <button
          type="button"
          class="tab-close"
          tabIndex={current ? 0 : -1}
          aria-label={strings.tabs.close(name)}
          title={strings.tabs.close(name)}
          onClick={() => tabs.close(tab)}
        >
          <CloseIcon />
        </button>
      ) : null}
    </div>
  );
}

interface TabNameFieldProps {
  readonly tab: Tab;
  readonly name: string;
  readonly onEnd: () => void;
}

/** Takes a tab's new name: Enter or leaving it takes it over, Escape does not, an empty one gives the old back. */
function TabNameField({ tab, name, onEnd }: TabNameFieldProps): JSX.Element {
  const { tabs } = usePlayground().session;
  const strings = useStrings().tabs;
  const field = useRef<HTMLInputElement>(null);
  const over = useRef(false);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  // A field that goes away with the keyboard in it is left once more.
  const end = (take: boolean): void => {
    if (over.current) return;
    over.current = true;
    const chosen = field.current?.value.trim() ?? "";
    if (take && chosen !== name) tab.name.value = chosen === "" ? undefined : chosen;
    onEnd();
  };
  const takeKey = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    event.stopPropagation();
    if (event.key !== "Escape" && event.key !== "Enter") return;
    end(event.key === "Enter");
    tabs.select(tab);
  };
  return (
    <input
      ref={field}
      class="tab-field"
      aria-label={strings.rename(name)}
      defaultValue={name}
      maxLength={40}
      onBlur={() => end(true)}
      onKeyDown={takeKey}
    />
  );
}
