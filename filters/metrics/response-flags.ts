import { Bytes, utf8 } from "as-proxy-wasm";

/** Envoy's response flags in the order of their bits, as its access log has them. Source: Envoy, `response_flags`. */
const NAMES = utf8(
  "LH UH UT LR UR UF UC UO NR DI FI RL UAEX RLSE DC URX SI IH DPE UMSDR RFCF NFCF DT UPE NC OM DF DO DR UDO",
);

/** The client closed the connection (`DC`) or reset its stream (`DR`). */
export const BY_CLIENT: i64 = (1 << 14) | (1 << 28);

/** The names of the flags that are set, joined by commas; `-` when none is. */
export function flagNames(flags: i64): Bytes {
  let names = Bytes.EMPTY;
  let from = 0;
  for (let rest = flags; rest != 0 && from < NAMES.length; rest >>= 1) {
    const end = endOfName(from);
    if ((rest & 1) != 0) names = withName(names, NAMES.slice(from, end));
    from = end + 1;
  }
  return names.length == 0 ? utf8("-") : names;
}

function withName(names: Bytes, name: Bytes): Bytes {
  return names.length == 0 ? name : names.concat(utf8(",")).concat(name);
}

function endOfName(from: i32): i32 {
  const end = NAMES.indexOf(utf8(" "), from);
  return end < 0 ? NAMES.length : end;
}
