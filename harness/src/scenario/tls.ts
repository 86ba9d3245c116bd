import type { TransportSocketSchema } from "../../api/envoy/config/core/v3/base_pb.js";
import { QuicDownstreamTransportSchema } from "../../api/envoy/extensions/transport_sockets/quic/v3/quic_transport_pb.js";
import {
  SubjectAltNameMatcher_SanType,
  type TlsCertificateSchema,
} from "../../api/envoy/extensions/transport_sockets/tls/v3/common_pb.js";
import type { SecretSchema } from "../../api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import {
  DownstreamTlsContextSchema,
  UpstreamTlsContextSchema,
  type CommonTlsContextSchema,
} from "../../api/envoy/extensions/transport_sockets/tls/v3/tls_pb.js";
import type { Identity } from "../certificates/identity.ts";
import { any } from "../envoy-api/any.ts";
import { overAds } from "./ads.ts";
import { merged, type Fields } from "./merge.ts";

type CommonTlsContext = Fields<typeof CommonTlsContextSchema>;
type TransportSocket = Fields<typeof TransportSocketSchema>;

/**
 * What a listener shows and asks for in a TLS handshake.
 *
 * @category Describe an Envoy
 */
export interface ListenerTls {
  /** Its certificate, or the name of one of the scenario's secrets, which Envoy then has over SDS. */
  readonly identity: Identity | string;
  /** PEM: the client must show a certificate of one of these authorities. Default: it is not asked for one. */
  readonly clientAuthority?: string;
  /** The protocols that are taken, the best first. Default `h2`, then `http/1.1`; none before raw network filters. */
  readonly alpn?: readonly string[];
  /** Every other field of Envoy's `DownstreamTlsContext`. */
  readonly with?: Fields<typeof DownstreamTlsContextSchema>;
}

/**
 * What a cluster shows and asks for in a TLS handshake.
 *
 * @category Describe an Envoy
 */
export interface ClusterTls {
  /** PEM: the authorities that are trusted. */
  readonly authority: string;
  /** The name that is asked for (SNI). Default: none is. */
  readonly serverName?: string;
  /** The name that the server's certificate must have: a DNS name or a URI. Default: `serverName`. */
  readonly subjectAltName?: string;
  /** The client's certificate, as a listener's. Default none. */
  readonly identity?: Identity | string;
  /** The protocols that are offered. Default: the cluster's own. */
  readonly alpn?: readonly string[];
  /** Every other field of Envoy's `UpstreamTlsContext`. */
  readonly with?: Fields<typeof UpstreamTlsContextSchema>;
}

export function downstreamTls(tls: ListenerTls, alpn: readonly string[]): TransportSocket {
  return transportSocket("tls", any(DownstreamTlsContextSchema, downstreamContext(tls, alpn)));
}

/** QUIC brings an ALPN of its own. */
export function quicTransport(tls: ListenerTls): TransportSocket {
  const transport = { downstreamTlsContext: downstreamContext(tls, []) };
  return transportSocket("quic", any(QuicDownstreamTransportSchema, transport));
}

export function upstreamTls(tls: ClusterTls, alpn: readonly string[]): TransportSocket {
  const { serverName, subjectAltName = serverName, identity } = tls;
  const context: Fields<typeof UpstreamTlsContextSchema> = {
    sni: serverName ?? "",
    commonTlsContext: {
      ...shows(identity),
      ...trusts(tls.authority, subjectAltName),
      alpnProtocols: [...(tls.alpn ?? alpn)],
    },
  };
  return transportSocket("tls", any(UpstreamTlsContextSchema, merged(context, tls.with)));
}

/** A certificate and its key, as SDS serves them. */
export function certificateSecret(name: string, identity: Identity): Fields<typeof SecretSchema> {
  return { name, type: { case: "tlsCertificate", value: tlsCertificate(identity) } };
}

function downstreamContext(tls: ListenerTls, alpn: readonly string[]) {
  const { clientAuthority } = tls;
  const context: Fields<typeof DownstreamTlsContextSchema> = {
    requireClientCertificate: clientAuthority !== undefined,
    commonTlsContext: {
      ...shows(tls.identity),
      ...(clientAuthority === undefined ? {} : trusts(clientAuthority)),
      alpnProtocols: [...(tls.alpn ?? alpn)],
    },
  };
  return merged(context, tls.with);
}

function shows(identity: Identity | string | undefined): CommonTlsContext {
  if (identity === undefined) return {};
  if (typeof identity !== "string") return { tlsCertificates: [tlsCertificate(identity)] };
  return { tlsCertificateSdsSecretConfigs: [{ name: identity, sdsConfig: overAds }] };
}

function tlsCertificate({ certificate, privateKey }: Identity): Fields<typeof TlsCertificateSchema> {
  return {
    certificateChain: { specifier: { case: "inlineString", value: certificate } },
    privateKey: { specifier: { case: "inlineString", value: privateKey } },
  };
}

function trusts(authority: string, name?: string): CommonTlsContext {
  const names = name === undefined ? [] : [subjectAltName(name)];
  return {
    validationContextType: {
      case: "validationContext",
      value: {
        trustedCa: { specifier: { case: "inlineString", value: authority } },
        matchTypedSubjectAltNames: names,
      },
    },
  };
}

function subjectAltName(name: string) {
  const sanType = SubjectAltNameMatcher_SanType[name.includes("://") ? "URI" : "DNS"];
  return { sanType, matcher: { matchPattern: { case: "exact", value: name } } } as const;
}

function transportSocket(name: string, value: ReturnType<typeof any>): TransportSocket {
  return { name, configType: { case: "typedConfig", value } };
}
