import { Address } from "../addresses/address";
import { Bytes, utf8 } from "../bytes";
import { canonicalHost } from "../paths/host";
import { clientAddress } from "../addresses/client-address";
import { FactsOptions } from "./facts-options";
import { isMutualTlsOr, peerDnsSan, peerUriSan } from "../properties/connection";
import { RequestHeaders } from "../http-fields";
import { RequestTarget } from "../paths/target";

/**
 * What conditions ask of one request, each thing fetched and made normal when it is asked for first. Make one for each
 * request, in `onRequestHeaders`, and do not keep it: it is valid during that callback, as the headers are, and as long as
 * nobody changes them. Source: proxy-wasm ABI 0.2.1, "HTTP fields" and "Properties".
 *
 * @category Conditions
 */
export class RequestFacts {
  /** Whether a condition read a header or a query parameter that occurs more than once, where `Repeated.Refuse` says no. */
  sawRepeated: bool = false;
  /** How many times a condition asked for a header, a query parameter or the peer, and it was there. */
  valuesFound: i32 = 0;
  /** How many times a condition asked for one of these, and it was absent. */
  valuesAbsent: i32 = 0;

  private knownTarget: RequestTarget | null = null;
  private knownHost: Bytes | null = null;
  private knownClient: Address | null = null;
  private knownPeer: Bytes | null = null;
  private isHostKnown: bool = false;
  private isClientKnown: bool = false;
  private isPeerKnown: bool = false;

  constructor(
    /** What the facts are read from. */
    readonly headers: RequestHeaders,
    /** How they are read. */
    readonly options: FactsOptions,
  ) {}

  /** Path and query. */
  get target(): RequestTarget {
    const known = this.knownTarget;
    if (known !== null) return known;
    const path = this.headers.get(utf8(":path"));
    const target = RequestTarget.parse(path === null ? Bytes.EMPTY : path, this.options.paths);
    this.knownTarget = target;
    return target;
  }

  /** The host in its canonical form; null when it is in doubt. */
  get host(): Bytes | null {
    if (!this.isHostKnown) {
      const authority = this.headers.get(utf8(":authority"));
      this.knownHost = authority === null ? null : canonicalHost(authority);
      this.isHostKnown = true;
    }
    return this.knownHost;
  }

  /** The method; null when there is none. */
  get method(): Bytes | null {
    return this.headers.get(utf8(":method"));
  }

  /** The client's address, as `clientAddress` has it; null when nobody who can be trusted says it. */
  get clientAddress(): Address | null {
    if (!this.isClientKnown) {
      this.knownClient = clientAddress(this.headers, this.options.trustedHops);
      this.isClientKnown = true;
    }
    return this.knownClient;
  }

  /**
   * The first URI, else the first DNS name, of the certificate that the client showed over TLS; null without one. Envoy
   * tells no filter whether it checked the certificate: let its listener have a `validation_context` with `trusted_ca`, and
   * no `trust_chain_verification: ACCEPT_UNTRUSTED`.
   */
  get peer(): Bytes | null {
    if (!this.isPeerKnown) {
      this.knownPeer = isMutualTlsOr(false) ? firstName(peerUriSan(), peerDnsSan()) : null;
      this.isPeerKnown = true;
    }
    return this.knownPeer;
  }
}

function firstName(uri: Bytes | null, dns: Bytes | null): Bytes | null {
  if (uri !== null && uri.length > 0) return uri;
  return dns !== null && dns.length > 0 ? dns : null;
}
