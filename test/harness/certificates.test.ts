import { X509Certificate } from "node:crypto";
import { describe, expect } from "vitest";
import { createAuthority } from "../../harness/src/certificates/authority.ts";
import type { CertificateOptions } from "../../harness/src/certificates/identity.ts";
import { peerCertificate } from "../../harness/src/certificates/peer-certificate.ts";
import type { ClientTls } from "../../harness/src/clients/target.ts";
import { outgoingRequest } from "../../harness/src/message.ts";
import { test } from "./protocols-fixture.ts";

const spiffe = "spiffe://cluster.local/ns/default/sa/web";

test("a certificate has the names, the issuer and the curve that it was given", async ({ authority }) => {
  const wanted = { dns: ["a.example", "*.b.example"], ips: ["127.0.0.1"], uris: [spiffe, "http://a/?b, c"] };

  const { certificate } = await authority.issue({ name: "web", ...wanted });

  const read = new X509Certificate(certificate);
  expect(peerCertificate(read)).toMatchObject({ name: "web", issuer: "test authority", ...wanted });
  expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  expect(read.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
});

test("two certificates of one authority differ in key and number", async ({ authority }) => {
  const [one, other] = await Promise.all([authority.issue(), authority.issue()]);

  const numbers = [one, other].map(({ certificate }) => new X509Certificate(certificate).serialNumber);
  expect(numbers[0]).not.toBe(numbers[1]);
  expect(one.privateKey).not.toBe(other.privateKey);
});

const named: CertificateOptions = { dns: ["api.example"] };
const asked: ClientTls = { serverName: "api.example" };

const taken: Array<[title: string, server: CertificateOptions, client: ClientTls]> = [
  ["a name", named, asked],
  ["a wildcard's name", { dns: ["*.api.example"] }, { serverName: "v1.api.example" }],
  ["an address", { ips: ["127.0.0.1"] }, {}],
  ["a SPIFFE name, when names are not looked at", { uris: [spiffe] }, { verify: "authority" }],
  [
    "an expired certificate, when nothing is looked at",
    { ...named, validity: "expired" },
    { verify: "nothing" },
  ],
];

const refused: Array<[title: string, server: CertificateOptions, client: ClientTls, reason: RegExp]> = [
  ["another name", named, { serverName: "other.example" }, /other\.example/],
  ["an address that it lacks", named, {}, /127\.0\.0\.1/],
  ["an expired certificate", { ...named, validity: "expired" }, asked, /certificate has expired/],
  ["a certificate of tomorrow", { ...named, validity: "not_yet_valid" }, asked, /not yet valid/],
];

describe.each(["h1", "h2"] as const)("a client of %s", (protocol) => {
  test.for(taken)("takes %s", async ([, options, tls], { authority, serve, client }) => {
    const { port } = await serve({ tls: { identity: await authority.issue(options) } });
    const connected = client(protocol, { port, tls: { authority: authority.certificate, ...tls } });

    await expect(connected.send(outgoingRequest({}))).resolves.toMatchObject({ status: 200 });
  });

  test.for(refused)("refuses %s", async ([, options, tls, reason], { authority, serve, client }) => {
    const { port } = await serve({ tls: { identity: await authority.issue(options) } });
    const connected = client(protocol, { port, tls: { authority: authority.certificate, ...tls } });

    const message = expect.stringMatching(reason);
    await expect(connected.send(outgoingRequest({}))).rejects.toMatchObject({ code: "tls_refused", message });
  });

  test("refuses an authority that it does not know", async ({ authority, serve, client }) => {
    const stranger = await createAuthority();
    const { port } = await serve({ tls: { identity: await stranger.issue(named) } });
    const connected = client(protocol, { port, tls: { authority: authority.certificate, ...asked } });

    const message = expect.stringMatching(
      /^the TLS handshake failed: .*certificate.*\. Compare the client's authority, serverName, identity and alpn with what the listener asks for$/,
    ) as string;
    await expect(connected.send(outgoingRequest({}))).rejects.toMatchObject({ code: "tls_refused", message });
  });

  test("takes the certificate of an intermediate authority of one that it knows", async ({
    authority,
    serve,
    client,
  }) => {
    const between = await authority.intermediate({ name: "between" });
    const { port } = await serve({ tls: { identity: await between.issue(named) } });
    const connected = client(protocol, { port, tls: { authority: authority.certificate, ...asked } });

    await connected.send(outgoingRequest({}));

    expect(connected.tls?.peer).toMatchObject({ name: "api.example", issuer: "between" });
  });

  test("and its server see each other's names, and what was agreed upon", async ({
    authority,
    serve,
    client,
  }) => {
    const clientAuthority = authority.certificate;
    const server = await serve({ tls: { identity: await authority.issue(named), clientAuthority } });
    const identity = await authority.issue({ uris: [spiffe] });
    const connected = client(protocol, {
      port: server.port,
      tls: { authority: clientAuthority, ...asked, identity },
    });

    await connected.send(outgoingRequest({}));

    const alpn = protocol === "h2" ? "h2" : "http/1.1";
    const agreed = { version: "TLSv1.3", alpn, serverName: "api.example" };
    expect(connected.tls).toMatchObject({
      ...agreed,
      peer: { dns: ["api.example"], issuer: "test authority" },
    });
    expect(server.connections).toMatchObject([{ protocol, tls: { ...agreed, peer: { uris: [spiffe] } } }]);
  });

  test.for([
    ["without a certificate", null, "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE"],
    ["with an expired certificate", { validity: "expired" }, "CERT_HAS_EXPIRED"],
  ] as const)(
    "%s is refused by a server that asks for one",
    async ([, shown, code], { authority, serve, client }) => {
      const clientAuthority = authority.certificate;
      const server = await serve({ tls: { identity: await authority.issue(named), clientAuthority } });
      const identity = shown === null ? {} : { identity: await authority.issue(shown) };
      const tls = { authority: clientAuthority, ...asked, ...identity };

      await expect(client(protocol, { port: server.port, tls }).send(outgoingRequest({}))).rejects.toThrow();

      expect(server.refusedHandshakes).toEqual([code]);
      expect(server.connections).toEqual([]);
    },
  );
});

test("HTTP/2 over TLS is refused when the server chooses something else by ALPN", async ({
  authority,
  serve,
  client,
}) => {
  const { port } = await serve({ tls: { identity: await authority.issue(named), alpn: ["http/1.1"] } });
  const connected = client("h2", {
    port,
    tls: { authority: authority.certificate, ...asked, alpn: ["h2", "http/1.1"] },
  });

  const message =
    'HTTP/2 was offered as "h2" in the TLS handshake, and the server chose "http/1.1": let the listener\'s alpn_protocols have h2';
  await expect(connected.send(outgoingRequest({}))).rejects.toMatchObject({ code: "tls_refused", message });
});
