import type { ComponentChildren, JSX } from "preact";

/** A picture that says nothing which the text beside it does not say. */
function Icon({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

/** A dry dock with containers in it. */
export function Logo(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="logo-dock" d="M3 9v13a5 5 0 0 0 5 5h16a5 5 0 0 0 5-5V9" />
      <rect class="logo-box" x="9" y="14" width="6.2" height="7.5" rx="1.2" />
      <rect class="logo-box" x="16.8" y="14" width="6.2" height="7.5" rx="1.2" />
      <rect class="logo-box logo-box-top" x="12.9" y="5" width="6.2" height="7.5" rx="1.2" />
    </svg>
  );
}

export function SunIcon(): JSX.Element {
  return (
    <Icon>
      <circle cx="10" cy="10" r="3.4" />
      <path d="M10 2v1.8M10 16.2V18M2 10h1.8M16.2 10H18M4.3 4.3l1.3 1.3M14.4 14.4l1.3 1.3M4.3 15.7l1.3-1.3M14.4 5.6l1.3-1.3" />
    </Icon>
  );
}

export function BookIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M10 5.2C8.4 4 6 3.6 3 3.8v11.4c3-.2 5.4.2 7 1.4 1.6-1.2 4-1.6 7-1.4V3.8c-3-.2-5.4.2-7 1.4Zm0 0v11.4" />
    </Icon>
  );
}

export function MoonIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M16.6 11.9A7 7 0 0 1 8.1 3.4a7 7 0 1 0 8.5 8.5Z" />
    </Icon>
  );
}

export function SlidersIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M3 6h7.5M14.5 6H17M3 14h2.5M9.5 14H17" />
      <circle cx="12.5" cy="6" r="2" />
      <circle cx="7.5" cy="14" r="2" />
    </Icon>
  );
}

export function ResetIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M4.2 7.2A6.5 6.5 0 1 1 3.6 11M4 3.4v4h4" />
    </Icon>
  );
}

export function CheckIcon(): JSX.Element {
  return (
    <Icon>
      <path d="m4.5 10.5 3.6 3.6 7.4-8" />
    </Icon>
  );
}

export function CloseIcon(): JSX.Element {
  return (
    <Icon>
      <path d="m5 5 10 10M15 5 5 15" />
    </Icon>
  );
}

export function WarningIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M10 3 2.4 16.4h15.2L10 3ZM10 8.2v3.6M10 14v.2" />
    </Icon>
  );
}

export function PlusIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M10 4v12M4 10h12" />
    </Icon>
  );
}

export function SplitIcon(): JSX.Element {
  return (
    <Icon>
      <rect x="3" y="4" width="14" height="12" rx="1.6" />
      <path d="M10 4v12" />
    </Icon>
  );
}

export function CloseHalfIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M8 16H4.6A1.6 1.6 0 0 1 3 14.4V5.6A1.6 1.6 0 0 1 4.6 4H8M11.5 7l5.5 6M17 7l-5.5 6" />
    </Icon>
  );
}

export function SaveIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M10 3v8.4M6.6 8.2l3.4 3.4 3.4-3.4M3.5 12.5v3a1.5 1.5 0 0 0 1.5 1.5h10a1.5 1.5 0 0 0 1.5-1.5v-3" />
    </Icon>
  );
}

export function ChevronIcon(): JSX.Element {
  return (
    <Icon>
      <path d="m5 7.5 5 5 5-5" />
    </Icon>
  );
}

export function LogsIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M4 5h12M4 8.5h12M4 12h8M4 15.5h10" />
    </Icon>
  );
}

export function ShellIcon(): JSX.Element {
  return (
    <Icon>
      <path d="m4 6 4 4-4 4M10 14.5h6" />
    </Icon>
  );
}

export function StartIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M6.5 4.5v11l8.5-5.5-8.5-5.5Z" />
    </Icon>
  );
}

export function StopIcon(): JSX.Element {
  return (
    <Icon>
      <rect x="5" y="5" width="10" height="10" rx="1.2" />
    </Icon>
  );
}

export function RemoveIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M4 5.5h12M8 5.5V4h4v1.5M5.5 5.5l.7 10a1 1 0 0 0 1 1h5.6a1 1 0 0 0 1-1l.7-10M8.5 8.5v5M11.5 8.5v5" />
    </Icon>
  );
}

export function GlobeIcon(): JSX.Element {
  return (
    <Icon>
      <circle cx="10" cy="10" r="7" />
      <path d="M3 10h14M10 3c4.4 4.2 4.4 9.8 0 14M10 3c-4.4 4.2-4.4 9.8 0 14" />
    </Icon>
  );
}

export function ReloadIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M15.8 7.2A6.5 6.5 0 1 0 16.4 11M16 3.4v4h-4" />
    </Icon>
  );
}

export function NewTabIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M8.5 4H4v12h12v-4.5M11.5 4H16v4.5M16 4l-7 7" />
    </Icon>
  );
}
