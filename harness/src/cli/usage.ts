/** How a command is called. */
export interface Usage {
  /** `lint FILE… [--strict]`, with the command's name. */
  readonly synopsis: string;
  readonly does: string;
  /** What its arguments mean, where their names do not say it. */
  readonly options?: ReadonlyArray<readonly [option: string, meaning: string]>;
  readonly exitCodes: string;
}

/** Every command, in the order in which they are shown. */
export const usages = {
  build: {
    synopsis: "build [FOLDER…] [OPTION…]",
    does: "compile filters, by default every folder in filters/ into build/",
    options: [
      ["--out FOLDER", "where modules are written, default build/"],
      ["--debug", "optimises nothing, into build/debug/: for debuggers"],
    ],
    exitCodes: "0 built and sound, 2 not",
  },
  check: {
    synopsis: "check FILE…",
    does: "hold modules against what Envoy loads and survives",
    exitCodes: "0 sound, 1 refused, 2 no such file or no Wasm",
  },
  lint: {
    synopsis: "lint FILE… [OPTION…]",
    does: "find what Envoy refuses, or accepts in silence, in configurations",
    options: [
      ["--envoy VERSION", "the version that will have it, default the newest known"],
      ["--folder FOLDER", "where Envoy will be started: what paths are relative to"],
      ["--off RULE", "switches a rule off; may be repeated"],
      ["--warn RULE", "makes the findings of a rule warnings; may be repeated"],
      ["--strict", "warnings fail too"],
      ["--json", "prints the findings as a list for programs"],
      ["--no-envoy", "does not ask the real Envoy of this machine"],
    ],
    exitCodes: "0 sound, 1 an error was found, 2 a file or an option cannot be read",
  },
  "stats-tags": {
    synopsis: "stats-tags FILE [LABEL…]",
    does: "print the stats_tags by which Envoy sees the labels of a module",
    exitCodes: "0 printed, 2 no such file or no Wasm",
  },
  traps: {
    synopsis: "traps FILE [LOG]",
    does: "show a module's traps in Envoy's log, with source lines",
    options: [["LOG", "Envoy's log, default what is piped in"]],
    exitCodes: "0 shown, 1 there are none, 2 no such file or no Wasm",
  },
  "fetch-envoy": {
    synopsis: "fetch-envoy [--version 1.38]",
    does: "get a real Envoy unless this machine has one, and print its path",
    options: [["--version VERSION", "1.38.2 or 1.38, default ENVOY_VERSION, then 1.40"]],
    exitCodes: "0 it is there, 1 it cannot be had, 2 this is no version",
  },
  "build-image": {
    synopsis: "build-image [--version V] [--tag T]",
    does: "build an image of that Envoy, where none can be pulled",
    options: [
      ["--version V", "of Envoy, 1.38.2 or 1.38, default 1.40"],
      ["--tag T", "the image's name, default that of Envoy's official image"],
    ],
    exitCodes: "0 built, 1 no engine or no Envoy, 2 no version or no name",
  },
  "fetch-http3": {
    synopsis: "fetch-http3",
    does: "get an HTTP/3 client for python3 unless this machine has one",
    exitCodes: "0 it is there, 1 it cannot be had",
  },
} as const satisfies Readonly<Record<string, Usage>>;

/** The name of a command: `lint`. */
export type CommandName = keyof typeof usages;

/** Whether a text is the name of a command. */
export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(usages, name);
}

/** What is printed where no command is named. */
export function overview(): string {
  const commands = Object.entries<Usage>(usages).map(([name, { does }]) => [name, does] as const);
  return [
    "usage: proxy-wasm COMMAND\n",
    ...inColumns(commands),
    "",
    "`proxy-wasm COMMAND --help` says what a command takes.",
    "exit codes: 0 held, 1 failed or refused, 2 the input was wrong",
  ].join("\n");
}

/** What `proxy-wasm COMMAND --help` prints. */
export function helpOf(name: CommandName): string {
  const { synopsis, does, options = [], exitCodes }: Usage = usages[name];
  return [
    `usage: proxy-wasm ${synopsis}\n`,
    `  ${does}\n`,
    ...(options.length > 0 ? [...inColumns(options), ""] : []),
    `exit codes: ${exitCodes}`,
  ].join("\n");
}

function inColumns(rows: ReadonlyArray<readonly [left: string, right: string]>): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
