import { Bytes, utf8 } from "../bytes";
import { Status } from "./types";

/** A status as messages have it, `BadArgument (2)`; its number alone when the ABI knows no such status. */
export function statusName(status: Status): Bytes {
  const names = utf8(
    "NotFound (1);BadArgument (2);SerializationFailure (3);ParseFailure (4);BadExpression (5);InvalidMemoryAccess (6);Empty (7);CasMismatch (8);ResultMismatch (9);InternalFailure (10);BrokenConnection (11);Unimplemented (12);",
  );
  let from = 0;
  let number = 1;
  for (let to = 0; to < names.length; to++) {
    if (names[to] != 0x3b) continue;
    if (number++ == status) return names.slice(from, to);
    from = to + 1;
  }
  return Bytes.fromInteger(status);
}
