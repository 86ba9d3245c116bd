import type { RequestInput, ResponseInput } from "proxy-wasm-harness";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { test } from "../project.ts";
import { expectParity } from "./parity.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

describe("what a filter does with fields", () => {
  const chunked = { "transfer-encoding": "chunked" };
  const post: RequestInput = { method: "POST", headers: chunked, body: "one" };
  const trailers = { "x-sum": "6" };
  const edit = (where: string, ...edits: object[]): object => ({ in: where, edits });
  const whole = [
    [":method", "GET"],
    ["x-a", "1"],
    [":path", "/other"],
    ["accept", "a"],
    ["x-a", "2"],
    [":scheme", "http"],
    [":authority", "elsewhere"],
    ["accept", "b"],
    ["x-forwarded-proto", "http"],
  ];
  // A table: one line an exchange.
  // prettier-ignore
  const exchanges: Array<
    [title: string, configuration: object, request?: RequestInput, response?: ResponseInput]
  > = [
    ["names are read", edit("request_headers", { do: "names" }), { headers: [["x-a", "1"], ["x-b", "1"], ["x-a", "2"]] }],
    ["all headers of a request are replaced", { ...edit("request_headers", { do: "replace_all" }), fields: whole }],
    ["a value is read after all were replaced", { ...edit("request_headers", { do: "read", name: "x-a" }, { do: "replace_all" }, { do: "read", name: "x-a" }), fields: whole }],
    ["a request without its path", { ...edit("request_headers", { do: "replace_all" }), fields: [[":method", "GET"], [":authority", "a"], [":scheme", "http"]] }],
    ["a request without its method", { ...edit("request_headers", { do: "replace_all" }), fields: [[":path", "/"], [":authority", "a"], ["x-forwarded-proto", "http"]] }],
    ["a request without the forwarded protocol", edit("request_headers", { do: "remove", name: "x-forwarded-proto" })],
    ["all headers of a response are replaced", { ...edit("response_headers", { do: "replace_all" }), fields: [["x-a", "1"], [":status", "201"], ["vary", "a"], ["vary", "b"]] }],
    ["lists that would be too long", edit("request_headers", { do: "flood" })],
    ["trailers of a request are changed", edit("request_trailers", { do: "add", name: "x-a", value: "1" }, { do: "set", name: "x-sum", value: "7" }, { do: "read", name: "x-sum" }), { ...post, trailers }],
    ["a trailer of a request is removed", edit("request_trailers", { do: "remove", name: "x-sum" }, { do: "read", name: "x-sum" }), { ...post, trailers }],
    ["all trailers of a request are replaced", { ...edit("request_trailers", { do: "replace_all" }), fields: [["x-a", "1"], ["x-b", "2"]] }, { ...post, trailers }],
    ["trailers of a response are changed", edit("response_trailers", { do: "add", name: "x-a", value: "1" }, { do: "set", name: "x-sum", value: "7" }), {}, { body: "one", trailers }],
    ["a request gets trailers", edit("request_body", { do: "add", name: "x-a", value: "1" }, { do: "add", name: "x-a", value: "2" }), post],
    ["a request of announced length gets trailers", edit("request_body", { do: "add", name: "x-a", value: "1" }), { method: "POST", body: "one" }],
    ["a request gets trailers too early", { ...edit("request_body", { do: "add", name: "x-a", value: "1" }), at_end: false }, post],
    ["a response gets trailers", edit("response_body", { do: "add", name: "x-a", value: "1" }), {}, { headers: chunked, body: "one" }],
    ["a response of announced length gets trailers", edit("response_body", { do: "add", name: "x-a", value: "1" }), {}, { body: "one" }],
    ["the request's headers are written when they are gone", edit("request_headers_late", { do: "add", name: "x-a", value: "1" }, { do: "set", name: "x-a", value: "1" }, { do: "remove", name: "x-a" }, { do: "replace_all" }, { do: "read", name: "x-a" })],
    ["the request's headers are written in the log", edit("log", { do: "add", name: "x-a", value: "1" }, { do: "set", name: "x-a", value: "1" }, { do: "remove", name: "x-a" }, { do: "read", name: ":path" })],
  ];

  test.for(exchanges)(
    "%s",
    async ([, configuration, request = {}, response = { body: "one" }], { skip, envoys }) => {
      await requiresEnvoy(skip);

      await expectParity(envoys, { filter: guest("edits-fields"), configuration, request, response });
    },
  );
});

describe("what a filter does with bodies", () => {
  const chunked = { "transfer-encoding": "chunked" };
  const announced: RequestInput = { method: "POST", body: "one" };
  const inChunks: RequestInput = { method: "POST", headers: chunked, body: "one" };
  const withTrailers: RequestInput = { ...inChunks, trailers: { "x-sum": "6" } };
  const empty: RequestInput = { method: "POST", body: [] };
  const replacing = (mode: string, text: string): object => ({
    mode,
    do: "replace",
    at_end: true,
    hold: true,
    text,
  });
  // A table: one line an exchange.
  // prettier-ignore
  const exchanges: Array<[title: string, edit: object, request?: RequestInput, response?: ResponseInput]> = [
    ["are read", { mode: "look", do: "read" }],
    ["are read in ranges", { mode: "look", do: "range" }],
    ["of trailers are read", { mode: "look", do: "read" }, withTrailers, { headers: chunked, body: "one", trailers: { "x-a": "1" } }],
    ["are held until the end", { mode: "look", do: "read", hold: true }, inChunks, { headers: chunked, body: "one" }],
    ["keep their size", { mode: "look", do: "replace", at_end: true, hold: true, text: "two" }],
    ["may not change their size unannounced", { mode: "look", do: "append", text: "!" }],
    ["grow in chunks", { mode: "rewrite", do: "append", text: " and two" }],
    ["grow at both ends", { mode: "rewrite", do: "prepend", text: "two and " }, inChunks, { headers: chunked, body: "one" }],
    ["shrink in chunks", replacing("rewrite", "1")],
    ["vanish in chunks", replacing("rewrite", "")],
    ["of none are announced to change", replacing("rewrite", "two"), empty, {}],
    ["of none are wanted as a whole", replacing("whole", "two"), empty, {}],
    ["grow as a whole", replacing("whole", "one, two and three")],
    ["shrink as a whole", replacing("whole", "1")],
    ["vanish as a whole", replacing("whole", "")],
    ["in chunks change as a whole", replacing("whole", "two"), inChunks, { headers: chunked, body: "one" }],
    ["with trailers change as a whole", replacing("whole", "two"), withTrailers, { headers: chunked, body: "one", trailers: { "x-a": "1" } }],
    ["are searched and replaced", { mode: "whole", do: "replace_each", needle: "o", text: "oo" }, { method: "POST", body: "foo boo" }, { body: "o" }],
    ["announce more than the limit", { mode: "whole", limit: 2, do: "read" }],
    ["announce the limit", { mode: "whole", limit: 3, do: "read" }],
    ["grow beyond the limit", { mode: "whole", limit: 2, do: "read" }, inChunks],
    ["announce more than the limit, and pass", { mode: "whole", limit: 2, pass_on: true, do: "replace", text: "x" }],
    ["grow beyond the limit, and pass", { mode: "whole", limit: 2, pass_on: true, do: "replace", text: "x" }, withTrailers, { headers: chunked, body: "one" }],
    ["of a HEAD are wanted as a whole", replacing("whole", "two"), { method: "HEAD" }],
  ];

  for (const direction of ["request", "response"]) {
    test.for(exchanges)(
      `${direction} bodies %s`,
      async ([, edit, request = announced, response = { body: "one" }], { skip, envoys }) => {
        await requiresEnvoy(skip);

        await expectParity(envoys, {
          filter: guest("edits-bodies"),
          configuration: { [direction]: edit },
          request,
          response,
        });
      },
    );
  }
});
