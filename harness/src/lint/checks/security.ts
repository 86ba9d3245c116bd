import { types, type Check } from "../configuration.ts";
import type { Message } from "../structure/message.ts";

const tls = "envoy.extensions.transport_sockets.tls.v3";
const http = "envoy.extensions.filters.http";
const validations = [
  "validation_context",
  "validation_context_sds_secret_config",
  "combined_validation_context",
  "validation_context_certificate_provider",
  "validation_context_certificate_provider_instance",
  "custom_handshaker",
];

/** TLS without a check of the other side's certificate is encryption with anybody. */
export const certificatesAreVerified: Check = (configuration, report) => {
  for (const context of configuration.all(`${tls}.UpstreamTlsContext`).filter(hasNoValidation)) {
    report(
      "tls-not-verified",
      context.spot,
      "the upstream's certificate is not verified: whoever answers is believed",
      "common_tls_context: { validation_context: { trusted_ca: { filename: … } } }",
    );
  }
  for (const context of configuration.all(`${tls}.DownstreamTlsContext`).filter(hasNoValidation)) {
    if (!context.isOn("require_client_certificate")) continue;
    report(
      "client-certificate-not-verified",
      context.at("require_client_certificate"),
      "a client certificate is required and not verified: any certificate will do",
      "common_tls_context: { validation_context: { trusted_ca: { filename: … } } }",
    );
  }
};

function hasNoValidation(context: Message): boolean {
  const common = context.message("common_tls_context");
  return common === null || !validations.some((name) => common.has(name));
}

/** TLS 1.0 and 1.1 were retired by RFC 8996. */
export const tlsIsRecent: Check = (configuration, report) => {
  for (const parameters of configuration.all(`${tls}.TlsParameters`)) {
    for (const field of ["tls_minimum_protocol_version", "tls_maximum_protocol_version"]) {
      const version = parameters.text(field) ?? "";
      if (/^TLSv1_[01]$/.test(version))
        report("old-tls", parameters.at(field), `${version} was retired by RFC 8996`, `${field}: TLSv1_2`);
    }
  }
};

/** A filter that decides must not let everything pass when it fails. */
export const filtersFailClosed: Check = (configuration, report) => {
  for (const plugin of configuration.all(types.plugin)) {
    const field = plugin.isOn("fail_open") ? "fail_open" : "failure_policy";
    if (field === "failure_policy" && plugin.text(field) !== "FAIL_OPEN") continue;
    report(
      "fail-open",
      plugin.at(field),
      "after one trap every later request passes this filter as if it were not there, and only a log line says so",
      "failure_policy: FAIL_RELOAD, or FAIL_CLOSED for a filter that decides",
    );
  }
  for (const type of [`${http}.ext_authz.v3.ExtAuthz`, `${http}.ext_proc.v3.ExternalProcessor`]) {
    for (const filter of configuration.all(type).filter((one) => one.isOn("failure_mode_allow"))) {
      const message = "requests pass unchecked while the service behind this filter is away";
      report("fail-open", filter.at("failure_mode_allow"), message, "failure_mode_allow: false");
    }
  }
};

/** Who decides by paths needs one spelling of each path. */
export const pathsAreNormalised: Check = (configuration, report) => {
  for (const manager of configuration.all(types.manager)) {
    if (manager.isOn("normalize_path")) continue;
    const filters = manager.messages("http_filters");
    const deciding = filters.find((filter) => decidesByPath(filter.message("typed_config")));
    if (deciding === undefined) continue;
    report(
      "path-not-normalised",
      manager.at("normalize_path"),
      `${deciding.text("name") ?? "a filter"} decides by the path, and //admin, /./admin or /%61dmin is another path to it`,
      "normalize_path: true, merge_slashes: true, path_with_escaped_slashes_action: UNESCAPE_AND_REDIRECT",
    );
  }
};

function decidesByPath(filter: Message | null): boolean {
  if (filter?.type === `${http}.jwt_authn.v3.JwtAuthentication`)
    return filter.messages("rules").some((rule) => (rule.message("match")?.text("prefix") ?? "") !== "/");
  if (filter?.type !== `${http}.rbac.v3.RBAC`) return false;
  return [...filter.all()].some(
    (message) =>
      message.type === "envoy.type.matcher.v3.PathMatcher" ||
      (message.type === "envoy.config.route.v3.HeaderMatcher" && message.text("name") === ":path"),
  );
}
