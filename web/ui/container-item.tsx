import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ContainerRow, PublishedPort } from "../session/engine/container-row.ts";
import type { ContainerAction } from "../session/engine/containers.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { usePlayground, useStrings } from "./context.ts";
import { LogsIcon, RemoveIcon, ShellIcon, StartIcon, StopIcon } from "./icons.tsx";
import type { ContainerStrings } from "./strings/strings.ts";

/** What the daemon had against something that was asked of a container. */
export interface RowFailure {
  readonly name: string;
  readonly message: string;
}

interface ContainerItemProps {
  readonly row: ContainerRow;
  readonly openPort: (container: ContainerRow, port: PublishedPort) => void;
  /** The keyboard was in the row, which goes away. */
  readonly onFocusLost: () => void;
  readonly onFailure: (failure: RowFailure | undefined) => void;
}

/** One container: what it is, how it is, its ports, and what can be done with it. */
export function ContainerItem({ row, openPort, onFocusLost, onFailure }: ContainerItemProps): JSX.Element {
  const item = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    const element = item.current;
    return () => {
      if (element?.contains(document.activeElement) === true) onFocusLost();
    };
  }, []);
  const { session } = usePlayground();
  const strings = useStrings().containers;
  const busy = session.containers.busy.value.get(row.id);
  const act = (action: ContainerAction): void => {
    onFailure(undefined);
    session.act(row.id, action).catch((error: unknown) => {
      onFailure({ name: row.name, message: error instanceof Error ? error.message : String(error) });
    });
  };
  return (
    <li ref={item} class="container" aria-label={row.name} aria-busy={busy !== undefined}>
      <span class="container-name" title={row.id.slice(0, 12)}>
        {row.name}
      </span>
      <span class="container-image" title={row.image}>
        {row.image}
      </span>
      <span class="container-status" data-status={row.status} data-failed={(row.exitCode ?? 0) !== 0}>
        {busy === undefined ? statusText(row, strings) : strings.busy[busy]}
      </span>
      <span class="container-ports">
        {row.ports.map(port => (
          <PortButton key={`${port.port}/${port.protocol}`} row={row} port={port} openPort={openPort} />
        ))}
      </span>
      <span class="container-actions">
        <TerminalButtons row={row} />
        <StateButtons row={row} busy={busy !== undefined} act={act} />
      </span>
    </li>
  );
}

function statusText({ status, exitCode }: ContainerRow, strings: ContainerStrings): string {
  return exitCode === undefined ? strings.status[status] : strings.exited(exitCode);
}

interface PortButtonProps {
  readonly row: ContainerRow;
  readonly port: PublishedPort;
  readonly openPort: ContainerItemProps["openPort"];
}

/** Only TCP can be looked at. */
function PortButton({ row, port, openPort }: PortButtonProps): JSX.Element {
  const strings = useStrings().containers;
  if (port.protocol !== "tcp") {
    return (
      <span class="container-port">
        {port.port}/{port.protocol}
      </span>
    );
  }
  const label = strings.port(port.port, port.containerPort, row.name);
  return (
    <button
      type="button"
      class="button button-small container-port"
      aria-label={label}
      title={label}
      onClick={() => openPort(row, port)}
    >
      {port.port}
    </button>
  );
}

interface ActionButtonProps {
  readonly name: string;
  readonly action: string;
  readonly disabled?: boolean;
  /** It cannot be pressed for a moment, but keeps the keyboard. */
  readonly busy?: boolean;
  readonly onClick: () => void;
  readonly children: JSX.Element;
}

function ActionButton(props: ActionButtonProps): JSX.Element {
  const { name, action, disabled = false, busy = false, onClick, children } = props;
  const strings = useStrings().containers;
  return (
    <button
      type="button"
      class="button button-quiet button-small"
      aria-label={strings.actionOn(action, name)}
      title={action}
      disabled={disabled}
      aria-disabled={busy}
      onClick={() => {
        if (!busy) onClick();
      }}
    >
      {children}
      <span class="button-label">{action}</span>
    </button>
  );
}

/** What opens a terminal: the command is typed there, for the learner to see. */
function TerminalButtons({ row: { name, status } }: { readonly row: ContainerRow }): JSX.Element {
  const { session } = usePlayground();
  const { actions, actionOn } = useStrings().containers;
  const open = (action: string, command: string) => (): void =>
    session.tabs.open({ name: actionOn(action, name), command });
  return (
    <>
      <ActionButton name={name} action={actions.logs} onClick={open(actions.logs, `docker logs -f ${name}`)}>
        <LogsIcon />
      </ActionButton>
      <ActionButton
        name={name}
        action={actions.shell}
        disabled={status !== "running"}
        onClick={open(actions.shell, `docker exec -it ${name} sh`)}
      >
        <ShellIcon />
      </ActionButton>
    </>
  );
}

interface StateButtonsProps {
  readonly row: ContainerRow;
  readonly busy: boolean;
  readonly act: (action: ContainerAction) => void;
}

function StateButtons({ row, busy, act }: StateButtonsProps): JSX.Element {
  const strings = useStrings().containers;
  const { actions } = strings;
  const dialog = useRef<HTMLDialogElement>(null);
  const { name, status } = row;
  const alive = status === "running" || status === "restarting" || status === "paused";
  const next = status === "paused" ? "unpause" : alive ? "stop" : "start";
  const remove = (): void => {
    if (alive) dialog.current?.showModal();
    else act("remove");
  };
  return (
    <>
      <ActionButton name={name} action={actions[next]} busy={busy} onClick={() => act(next)}>
        {next === "stop" ? <StopIcon /> : <StartIcon />}
      </ActionButton>
      <ActionButton name={name} action={actions.remove} busy={busy} onClick={remove}>
        <RemoveIcon />
      </ActionButton>
      <ConfirmDialog
        dialog={dialog}
        title={strings.removeTitle(name)}
        question={strings.removeQuestion}
        confirm={strings.removeConfirm}
        cancel={strings.cancel}
        onConfirm={() => act("remove")}
      />
    </>
  );
}
