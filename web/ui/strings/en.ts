import type { Strings } from "./strings.ts";

export const en: Strings = {
  languageName: "English",
  skipToTerminal: "Skip to the terminal",
  machine: "Machine",
  state: { starting: "Starting", ready: "Running", failed: "Stopped", closed: "Off" },
  notAnswering: "Not answering",
  boot: {
    title: "Starting your Linux machine",
    steps: {
      download: "Download the machine",
      restore: "Put it into memory",
      wake: "Wake it up",
      shell: "Open a shell",
    },
    bytes: (loaded, total) => `${loaded} / ${total} MB`,
    hint: "It runs in this tab, on your computer. After the first visit your browser has it already.",
    stepDone: "done",
    stepActive: "under way",
  },
  problems: {
    unsupported: {
      title: "This browser cannot run the machine",
      advice:
        "It needs WebAssembly and module workers: Chrome or Edge from version 111, Firefox from 115, or Safari from 16.4. Some companies and some private modes switch WebAssembly off.",
    },
    memory: {
      title: "There is not enough memory",
      advice: "The machine needs about 600 MB. Close some tabs or programs, then try again.",
    },
    network: {
      title: "The machine could not be downloaded",
      advice: "The connection broke off or the server did not answer. Check your connection, then try again.",
    },
    outdated: {
      title: "Page and machine do not fit together",
      advice:
        "This site was probably renewed since your browser kept the page. Reload it. If that does not help, the site lacks a file, and whoever runs it has to know.",
    },
    stuck: {
      title: "The machine did not come up",
      advice:
        "It was started but did not answer. Try again; on a slow or busy computer the second try is faster.",
    },
    crash: {
      title: "The machine has crashed",
      advice:
        "What was in it is lost, but you can still read and copy what the terminal shows. A fresh machine takes a few seconds.",
    },
  },
  offline: "Your browser says that it is offline.",
  silent: {
    title: "The machine has not answered for a while",
    advice:
      "It may have a lot to do. If it stays like this, start a fresh one; what is in this one is lost then.",
  },
  technicalDetails: "Technical details",
  tryAgain: "Try again",
  reloadPage: "Reload the page",
  restartMachine: "Start a fresh machine",
  reset: {
    button: "Reset",
    title: "Start over?",
    question: "You get a fresh machine. The containers, images and files of this one are lost.",
    confirm: "Reset the machine",
    cancel: "Keep it",
  },
  settings: {
    title: "Settings",
    theme: "Theme",
    themes: { system: "System", light: "Light", dark: "Dark" },
    toDark: "Switch to the dark theme",
    toLight: "Switch to the light theme",
    language: "Language",
    fontSize: "Text size of the terminal",
    smaller: "Smaller",
    larger: "Larger",
    screenReader: "Screen reader support",
    screenReaderHint: "Lets a screen reader read the terminal's output. It makes large outputs slower.",
    keys: "Keys in the terminal",
    keyList: [
      ["Ctrl C", "copies what is selected, otherwise interrupts the program"],
      ["Ctrl Shift C", "copies"],
      ["Ctrl Shift V", "pastes"],
      ["F6", "leaves the terminal"],
    ],
    close: "Close",
  },
  terminal: {
    label: number => `Terminal ${number}`,
    exited: code => `The shell ended with status ${code}.`,
    killed: signal => `The shell was ended by signal ${signal}.`,
    lost: "The connection to the shell was lost.",
    pressEnter: "Press Enter for a new shell.",
    dead: "The machine has stopped.",
  },
  preview: {
    title: "Preview",
    openPort: (port, container) => `Open port ${port} of ${container}`,
    noPorts: "No container publishes a port. Try: docker run -d -p 8080:80 IMAGE",
    otherPort: "Another port of the machine",
    open: "Open",
    path: "Path",
    reload: "Reload the preview",
    newTab: "Open in a new tab",
    close: "Close the preview",
    connecting: "Connecting",
    pageOf: port => `The page on port ${port}`,
    reduced:
      "Reduced preview: this site has no second address on which pages could run safely. You see the page without scripts; links and forms do nothing.",
    tryAgain: "Try again",
    failures: {
      refused: port => ({
        title: `Nothing answers on port ${port}`,
        advice: "No program listens there. Is the container running, and is the port published?",
      }),
      closed: port => ({
        title: `Port ${port} hung up`,
        advice:
          "The server closed the connection before it had answered. The container may have ended: see its logs.",
      }),
      timeout: port => ({
        title: `Port ${port} does not answer`,
        advice: "The connection stands, but the server says nothing. It may have a lot to do.",
      }),
      malformed: port => ({
        title: `Port ${port} does not speak HTTP`,
        advice: "Something answers there, but it is no web server.",
      }),
      machine: () => ({
        title: "The machine does not run",
        advice: "Wait until it has started, then try again.",
      }),
    },
  },
};
