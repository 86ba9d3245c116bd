/** Branches that no traffic takes, and why; the campaign prints the reason beside those that it has never seen. */
// A table: one line a reason.
// prettier-ignore
const reasons: ReadonlyArray<readonly [outcome: RegExp, reason: string]> = [
  [/^abort\/abort /, "only a trap leads there, and there is none"],
  [/^runtime\/objects\/__new |^runtime\/window\/grow|^abi\/memory\/allocate /, "only when memory ends, of which there is a GiB"],
  [/^runtime\/(collection|objects\/__renew)/, "pinned and static objects are for the program on the memory runtime"],
  [/^(http\/stream\/HttpStream|network\/stream\/NetworkStream|filter-stream\/FilterStream)#dispatch\w+ #1 false$/, "the host shows a stream nothing while another callback runs"],
  [/^(plugin\/(configurePlugin|createContext|deleteContext|queueReady|tickPlugin)|http-calls\/httpCallAnswered|grpc\/callbacks\/endGrpcOf) #1 false$|^callbacks\/settle #1 false$/, "the host begins none of these while another callback runs"],
  [/^jwt\/remote-keys\/(KeyFetch#onResult|KeyTimer#onTime) #1 false$/, "both know their keys from the beginning"],
  [/^(addresses\/range\/AddressRange#holds|regular-expressions\/regular-expression\/RegularExpression#matches) #1 false$|^conditions\/comparison\/Comparison#satisfiedBy #10 false$/, "what is refused is refused with the configuration that has it"],
  [/^jwt\/json-web-key\/JsonWebKey#verifies #1 true$/, "only a key that fits the token's algorithm is asked"],
  [/^jwt\/verifier\/JwtVerifier#judgeTimes #11 true$/, "header-authz has no option by which tokens must have nbf"],
  [/^jwt\/jwt\/Jwt#claim #1 true$/, "header-authz reads the claims of verified tokens only"],
  [/^jwt\/der\/element #1 true$|^jwt\/der\/hex #1 true$/, "no key or signature of theirs has 128 to 255 bytes, and the digits are the SDK's own"],
  [/#seriesName /, "a metric has one to four labels, and those of the guest have their number"],
];

/** Why an outcome cannot be had; null when it could be. */
export function reasonFor(outcome: string): string | null {
  return reasons.find(([pattern]) => pattern.test(outcome))?.[1] ?? null;
}
