import { Bytes, properties, Repeated, RequestFacts, utf8 } from "as-proxy-wasm";
import { KeyPart } from "./key-part";

/** The value of a header, without blanks around it, which belong to no value: RFC 9110, 5.5. */
export class HeaderPart extends KeyPart {
  constructor(private readonly name: Bytes) {
    super();
  }

  valueOf(facts: RequestFacts): Bytes | null {
    const values = facts.headers.getAll(this.name);
    if (values.length == 0) return null;
    if (values.length == 1 || facts.options.repeated == Repeated.First) return values[0].trim();
    return facts.options.repeated == Repeated.Refuse ? null : joined(values);
  }
}

/** The path in its normal form, without its query. */
export class PathPart extends KeyPart {
  valueOf(facts: RequestFacts): Bytes | null {
    return facts.target.path;
  }
}

/** A segment of the path in its normal form, the first is 1; one without bytes is none. */
export class PathSegmentPart extends KeyPart {
  constructor(private readonly number: i32) {
    super();
  }

  valueOf(facts: RequestFacts): Bytes | null {
    const path = facts.target.path;
    if (path === null) return null;
    let start = 0;
    for (let i = 0; i < this.number; i++) {
      start = path.indexOf(utf8("/"), start) + 1;
      if (start == 0) return null;
    }
    const end = path.indexOf(utf8("/"), start);
    const segment = path.slice(start, end < 0 ? path.length : end);
    return segment.length == 0 ? null : segment;
  }
}

/** The method. */
export class MethodPart extends KeyPart {
  valueOf(facts: RequestFacts): Bytes | null {
    return facts.method;
  }
}

/** The host, without port and in lower case. */
export class HostPart extends KeyPart {
  valueOf(facts: RequestFacts): Bytes | null {
    return facts.host;
  }
}

/** The name of the route. */
export class RoutePart extends KeyPart {
  valueOf(facts: RequestFacts): Bytes | null {
    const name = properties.xds.routeName();
    return name === null || name.length == 0 ? null : name;
  }
}

/** Always the same: all requests of the rule have it. */
export class ConstantPart extends KeyPart {
  constructor(private readonly value: Bytes) {
    super();
  }

  valueOf(facts: RequestFacts): Bytes | null {
    return this.value;
  }
}

/** No value of a header has the byte that parts them. */
function joined(values: Bytes[]): Bytes {
  let all = values[0].trim();
  for (let i = 1; i < values.length; i++) all = all.concat(utf8("\0")).concat(values[i].trim());
  return all;
}
