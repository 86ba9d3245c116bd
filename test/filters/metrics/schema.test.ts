import { testSchema } from "../schema-tests.ts";

const labels = [
  ...["method", "path", "route", "virtual_host", "cluster", "response_code", "response_code_class"],
  ...["response_flags", "grpc_response_status", "request_protocol", "source_principal"],
];

await testSchema({
  filter: "metrics",
  configurations: [
    {
      stat_prefix: "shop",
      labels,
      request_headers: [{ header: "x-tenant", label: "tenant", values: ["acme"] }],
      paths: ["/users/{id}"],
      max_series: 5,
      histograms: ["duration", "request_size", "response_size"],
    },
  ],
  beyond: [
    { path: /^labels$/, what: /^no (labels|item)$/, reason: /paths .*without the label path/ },
    { path: /^paths$/, what: /^no (paths|item)$/, reason: /paths .*a template for the label path/ },
  ],
});
