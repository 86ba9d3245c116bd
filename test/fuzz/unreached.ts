/** Branches that no traffic takes, and why; the campaign prints the reason beside those that it has never seen. */
// A table: one line a reason.
// prettier-ignore
const reasons: ReadonlyArray<readonly [outcome: RegExp, reason: string]> = [
  [/^abort\/abort /, "only a trap leads there, and there is none"],
  [/^runtime\/objects\/__new |^runtime\/window\/grow|^abi\/memory\/allocate /, "only when memory ends, of which there is a GiB"],
  [/^runtime\/(collection|objects\/__renew)/, "pinned and static objects are for the program on the memory runtime"],
  [/^(http\/stream\/HttpStream|network\/stream\/NetworkStream|filter-stream\/FilterStream)#dispatch\w+ #1 false$/, "the host shows a stream nothing while another callback runs"],
  [/^(plugin\/(configurePlugin|createContext|deleteContext|queueReady|tickPlugin)|http-calls\/httpCallAnswered|grpc\/callbacks\/endGrpcOf) #1 false$|^callbacks\/settle #1 false$/, "the host begins none of these while another callback runs"],
  [/#seriesName /, "a metric has one to four labels, and those of the guest have their number"],
];

/** Why an outcome cannot be had; null when it could be. */
export function reasonFor(outcome: string): string | null {
  return reasons.find(([pattern]) => pattern.test(outcome))?.[1] ?? null;
}
