import { expect } from "proxy-wasm-harness/vitest";
import { sampled } from "../harness/sampling.ts";
import { backend } from "../project.ts";
import { errorsOf, later, messageFor, steering, unsent } from "./steering.ts";

const phases = ["request", "response"].flatMap((direction) =>
  ["headers", "body", "trailers"].map((part) => `${direction}_${part}`),
);

for (const phase of phases) {
  steering({ in: phase, do: ["close"], by: "unsent_callout" })(
    `a stream closed in ${phase}, whose callback returns Continue, has no response`,
    async ({ proxy, upstream }) => {
      upstream.respond(messageFor(phase));
      const sent = proxy.request({ method: "POST", ...messageFor(phase) });

      await expect(sent).rejects.toMatchObject({ code: "internal", message: /reset|closed|complete/ });
    },
  );
}

const everyWay = ["callback", ...unsent, ...later];

for (const by of backend === "embedded" ? everyWay : sampled(everyWay)) {
  for (const phase of ["request_headers", "request_body", "request_trailers", "response_headers"]) {
    steering({ in: phase, do: ["respond"], pause: true, by })(
      `a local reply in ${phase} by the ${by} is the response`,
      async ({ proxy, upstream }) => {
        const response = await proxy.request({ method: "POST", ...messageFor(phase) });
        await proxy.settled();

        expect(response).toHaveStatus(418);
        expect(proxy.accessLog[0]?.details).toBe("steered");
        expect(upstream.requests).toHaveLength(phase === "response_headers" ? 1 : 0);
      },
    );
  }

  for (const phase of ["response_body", "response_trailers"]) {
    steering({ in: phase, do: ["respond"], pause: true, by })(
      `a local reply in ${phase} by the ${by}, when the headers have gone, cuts the response short`,
      async ({ proxy, upstream }) => {
        upstream.respond(messageFor(phase));

        await expect(proxy.get("/")).rejects.toMatchObject({ code: "internal" });
      },
    );
  }

  for (const phase of ["request_headers", "request_body", "response_headers", "response_body"]) {
    steering({ in: phase, do: ["close"], pause: true, by })(
      `a stream closed in ${phase} by the ${by} has no response`,
      async ({ proxy, upstream }) => {
        upstream.respond(messageFor(phase));

        await expect(proxy.request({ method: "POST", ...messageFor(phase) })).rejects.toMatchObject({
          code: "internal",
        });
      },
    );
  }

  for (const direction of ["request", "response"]) {
    for (const part of ["headers", "body", "trailers"]) {
      const phase = `${direction}_${part}`;
      steering({ in: phase, do: [`resume_${direction}`], pause: true, by })(
        `a ${direction} paused at its ${part} goes on when the ${by} resumes it`,
        async ({ proxy, upstream }) => {
          const message = messageFor(phase);
          upstream.respond(message);
          const response = await proxy.request({ method: "POST", ...message });
          await proxy.settled();

          expect(response.text()).toBe("one");
          expect(response.trailers.size).toBe(Object.keys(message.trailers).length);
          expect(Buffer.from(upstream.requests[0]?.body ?? []).toString()).toBe("one");
          expect(errorsOf(proxy)).toEqual([]);
        },
      );
    }
  }
}
