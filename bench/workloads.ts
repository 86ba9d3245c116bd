/** What is sent; the paths take turns. */
export interface Request {
  readonly method: string;
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the filters of a chain are made to do, and what we aim at. */
export interface Workload extends Request {
  /** The prefix of its modules' names. */
  readonly task: string;
  readonly what: string;
  /** What it may cost, of what the Rust SDK costs in the same run. */
  readonly goal: number;
}

/** The plugins' configuration: 100 API keys, one on each line. */
export const keys = Array.from({ length: 100 }, (_, i) => {
  const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
  return `key-${String(i).padStart(3, "0")}-${hex(Math.imul(i, 2654435761))}${hex(i * 40503 + 12345)}`;
});

const path = "/api/v1/items";
const customHeaders = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => {
      const number = String(i).padStart(2, "0");
      return [`x-custom-${number}`, `value-${number}-${"abcdefghijklmnop".slice(0, 6 + (i % 10))}`];
    }),
  );

/** What Envoy adds to the headers that a client sends: :authority, :method, :path, :scheme and x-forwarded-proto. */
const OWN_HEADERS = 5;

/** The reading of all headers, for requests with so many in all. */
export function withHeaders(count: number): Workload {
  const headers = customHeaders(count - OWN_HEADERS);
  return { task: "t3", what: `all of ${count} headers`, method: "GET", paths: [path], headers, goal: 1 };
}

const body = `${`{"a":"${"x".repeat(8_000)}","secret":"SECRET-TOKEN","b":"${"y".repeat(16_384)}`.slice(0, 16_382)}"}`;

export const workloads: readonly Workload[] = [
  { task: "t0", what: "nothing", method: "GET", paths: [path], headers: customHeaders(4), goal: 0.6 },
  {
    task: "t1",
    what: "header authz, 100 keys",
    method: "GET",
    paths: [path],
    headers: { ...customHeaders(4), "x-api-key": keys[77] ?? "" },
    goal: 0.7,
  },
  {
    task: "t2",
    what: "one counter, one histogram",
    method: "GET",
    paths: [path, "/static/a.css", "/users/42", "/orders?x=1"],
    headers: customHeaders(4),
    goal: 0.75,
  },
  {
    task: "t3",
    what: "all of 15 headers",
    method: "GET",
    paths: [path],
    headers: customHeaders(10),
    goal: 0.6,
  },
  {
    task: "t4",
    what: "16 KiB body, one replacement",
    method: "POST",
    paths: [path],
    headers: customHeaders(4),
    body,
    goal: 0.75,
  },
];
