import { HarnessError } from "../errors.ts";

/** What a connection's error means to a test: `before` is what has not come. */
export function brokenOff(cause: Error, before: string): HarnessError {
  if (isOfTls(cause)) return tlsRefused(cause);
  return new HarnessError("internal", `the connection ended before ${before}: ${cause.message}`, { cause });
}

/** What a handshake's error means to a test. */
export function tlsRefused(cause: Error): HarnessError {
  return new HarnessError(
    "tls_refused",
    `the TLS handshake failed: ${reasonOf(cause)}. Compare the client's authority, serverName, identity and alpn with what ` +
      "the listener asks for",
    { cause },
  );
}

function codeOf(cause: Error): string {
  return "code" in cause ? String(cause.code) : "";
}

/** Node's codes for what OpenSSL says, for a certificate that it does not take, and for one with another name. */
function isOfTls(cause: Error): boolean {
  return /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA$|HOSTNAME_MISMATCH$|EPROTO$)/.test(
    codeOf(cause),
  );
}

/** OpenSSL's `…:error:0A000415:SSL routines:…:sslv3 alert certificate expired:…:SSL alert number 45`, without its places in the source. */
function reasonOf({ message }: Error): string {
  return /SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message.trim();
}
