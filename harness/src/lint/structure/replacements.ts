/** What replaces a deprecated field or enum value; null where nothing does. Sources: the comments of Envoy's API. */
export function replacementOf(name: string): string | null {
  const [, area = "", rest = ""] = /^envoy\.(config|extensions|type|data|service)\.(.+)$/.exec(name) ?? [];
  return replacements[area]?.[rest] ?? null;
}

const removed = "remove it: it has no effect";
const httpOptions = (field: string): string =>
  `typed_extension_protocol_options: { envoy.extensions.upstreams.http.v3.HttpProtocolOptions: { "@type": …, ${field} } }`;
const stringMatch = (kind: string): string => `string_match: { ${kind}: … }`;
const dnsResolver = "typed_dns_resolver_config";
const certificateProvider = "tls_certificate_provider_instance";
const validationProvider = "ca_certificate_provider_instance in the validation context";
const compressorRequest = "response_direction_config";

const replacements: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  config: {
    "core.v3.BindConfig.additional_source_addresses": "extra_source_addresses",
    "core.v3.Node.listening_addresses": removed,
    "core.v3.KeyValue.key": "KeyValuePair.key",
    "core.v3.KeyValue.value": "KeyValuePair.value",
    "core.v3.KeyValueAppend.entry": "record",
    "core.v3.HeaderValueOption.append":
      "append_action: APPEND_IF_EXISTS_OR_ADD for true, OVERWRITE_IF_EXISTS_OR_ADD for false",
    "core.v3.JsonFormatOptions.sort_properties": removed,
    "core.v3.SubstitutionFormatString.text_format": "text_format_source: { inline_string: … }",
    "core.v3.HealthCheck.event_log_path": "event_logger",
    "core.v3.ApiVersion.V2": "V3",
    "core.v3.ApiConfigSource.ApiType.DEPRECATED_AND_UNAVAILABLE_DO_NOT_USE": "GRPC or DELTA_GRPC",
    "core.v3.ConfigSource.path": "path_config_source: { path: … }",
    "core.v3.Http1ProtocolOptions.use_balsa_parser": "remove it: Balsa is the default",
    "core.v3.Http2ProtocolOptions.stream_error_on_invalid_http_messaging":
      "override_stream_error_on_invalid_http_message",
    "route.v3.VirtualHost.cors": "typed_per_filter_config: { envoy.filters.http.cors: … } with a CorsPolicy",
    "route.v3.VirtualHost.per_request_buffer_limit_bytes": "request_body_buffer_limit",
    "route.v3.Route.per_request_buffer_limit_bytes": "request_body_buffer_limit",
    "route.v3.WeightedCluster.total_weight": "remove it: the weights are added up",
    "route.v3.RouteAction.include_vh_rate_limits":
      "vh_rate_limits: INCLUDE in the rate limit filter's per-route config",
    "route.v3.RouteAction.cors": "typed_per_filter_config: { envoy.filters.http.cors: … } with a CorsPolicy",
    "route.v3.RouteAction.max_grpc_timeout": "max_stream_duration: { grpc_timeout_header_max: … }",
    "route.v3.RouteAction.grpc_timeout_offset": "max_stream_duration: { grpc_timeout_header_offset: … }",
    "route.v3.RouteAction.internal_redirect_action": "internal_redirect_policy",
    "route.v3.RouteAction.max_internal_redirects": "internal_redirect_policy: { max_internal_redirects: … }",
    "route.v3.RateLimit.Action.dynamic_metadata": "metadata",
    "route.v3.HeaderMatcher.exact_match": stringMatch("exact"),
    "route.v3.HeaderMatcher.safe_regex_match": stringMatch("safe_regex"),
    "route.v3.HeaderMatcher.prefix_match": stringMatch("prefix"),
    "route.v3.HeaderMatcher.suffix_match": stringMatch("suffix"),
    "route.v3.HeaderMatcher.contains_match": stringMatch("contains"),
    "cluster.v3.Cluster.max_requests_per_connection": httpOptions("common_http_protocol_options"),
    "cluster.v3.Cluster.upstream_http_protocol_options": httpOptions("upstream_http_protocol_options"),
    "cluster.v3.Cluster.common_http_protocol_options": httpOptions("common_http_protocol_options"),
    "cluster.v3.Cluster.http_protocol_options": httpOptions(
      "explicit_http_config: { http_protocol_options: … }",
    ),
    "cluster.v3.Cluster.http2_protocol_options": httpOptions(
      "explicit_http_config: { http2_protocol_options: … }",
    ),
    "cluster.v3.Cluster.protocol_selection": httpOptions(
      "use_downstream_protocol_config or explicit_http_config",
    ),
    "cluster.v3.Cluster.dns_refresh_rate": "dns_refresh_rate of cluster_type's DnsCluster",
    "cluster.v3.Cluster.dns_jitter": "dns_jitter of cluster_type's DnsCluster",
    "cluster.v3.Cluster.dns_failure_refresh_rate": "dns_failure_refresh_rate of cluster_type's DnsCluster",
    "cluster.v3.Cluster.respect_dns_ttl": "respect_dns_ttl of cluster_type's DnsCluster",
    "cluster.v3.Cluster.dns_resolvers": dnsResolver,
    "cluster.v3.Cluster.use_tcp_for_dns_lookups": dnsResolver,
    "cluster.v3.Cluster.dns_resolution_config": dnsResolver,
    "cluster.v3.Cluster.track_timeout_budgets": "track_cluster_stats: { timeout_budgets: true }",
    "listener.v3.FilterChain.use_proxy_proto": "a listener filter envoy.filters.listener.proxy_protocol",
    "listener.v3.Listener.deprecated_v1": removed,
    "listener.v3.Listener.reuse_port": "enable_reuse_port",
    "bootstrap.v3.Bootstrap.watchdog": "watchdogs: { main_thread_watchdog: …, worker_watchdog: … }",
    "bootstrap.v3.Bootstrap.tracing": "tracing of the HTTP connection manager",
    "bootstrap.v3.Bootstrap.use_tcp_for_dns_lookups": dnsResolver,
    "bootstrap.v3.Bootstrap.dns_resolution_config": dnsResolver,
    "bootstrap.v3.Admin.access_log_path": "access_log, with a FileAccessLog",
    "tap.v3.TapConfig.match_config": "match",
    "rbac.v3.Permission.metadata": "sourced_metadata",
    "rbac.v3.Principal.metadata": "sourced_metadata",
    "rbac.v3.Principal.source_ip": "direct_remote_ip or remote_ip",
    "trace.v3.ZipkinConfig.split_spans_for_request":
      "spawn_upstream_span of the HTTP connection manager's tracing",
    "trace.v3.ZipkinConfig.CollectorEndpointVersion.DEPRECATED_AND_UNAVAILABLE_DO_NOT_USE":
      "HTTP_JSON or HTTP_PROTO",
    "trace.v3.LightstepConfig.access_token_file": "access_token",
    "trace.v3.DynamicOtConfig.library": "an OpenTelemetry tracer",
    "trace.v3.DynamicOtConfig.config": "an OpenTelemetry tracer",
  },
  type: {
    "matcher.v3.RegexMatcher.google_re2": "remove it: RE2 is the only engine",
    "matcher.v3.RegexMatcher.GoogleRE2.max_program_size":
      "the runtime keys re2.max_program_size.error_level and warn_level",
  },
  data: {
    "accesslog.v3.AccessLogCommon.intermediate_log_entry": "access_log_type",
    "dns.v3.DnsTable.known_suffixes": removed,
  },
  extensions: {
    "transport_sockets.tls.v3.CertificateValidationContext.match_subject_alt_names":
      "match_typed_subject_alt_names",
    "transport_sockets.tls.v3.UpstreamTlsContext.enforce_rsa_key_usage": "remove it: it is always enforced",
    "transport_sockets.tls.v3.CommonTlsContext.tls_certificate_certificate_provider": certificateProvider,
    "transport_sockets.tls.v3.CommonTlsContext.tls_certificate_certificate_provider_instance":
      certificateProvider,
    "transport_sockets.tls.v3.CommonTlsContext.validation_context_certificate_provider": validationProvider,
    "transport_sockets.tls.v3.CommonTlsContext.validation_context_certificate_provider_instance":
      validationProvider,
    "transport_sockets.tls.v3.CommonTlsContext.CombinedCertificateValidationContext.validation_context_certificate_provider":
      validationProvider,
    "transport_sockets.tls.v3.CommonTlsContext.CombinedCertificateValidationContext.validation_context_certificate_provider_instance":
      validationProvider,
    "access_loggers.file.v3.FileAccessLog.format": "log_format: { text_format_source: { inline_string: … } }",
    "access_loggers.file.v3.FileAccessLog.json_format": "log_format: { json_format: … }",
    "access_loggers.file.v3.FileAccessLog.typed_json_format": "log_format: { json_format: … }",
    "access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig.common_config":
      "grpc_service or http_service",
    "wasm.v3.PluginConfig.fail_open": "failure_policy: FAIL_OPEN, or nothing for a filter that decides",
    "wasm.v3.PluginConfig.capability_restriction_config": "vm_config: { capability_restriction_config: … }",
    "common.dynamic_forward_proxy.v3.DnsCacheConfig.use_tcp_for_dns_lookups": dnsResolver,
    "common.dynamic_forward_proxy.v3.DnsCacheConfig.dns_resolution_config": dnsResolver,
    "common.matching.v3.ExtensionWithMatcher.matcher": "xds_matcher",
    "filters.http.alternate_protocols_cache.v3.FilterConfig.alternate_protocols_cache_options":
      "alternate_protocols_cache_options of the cluster's HttpProtocolOptions",
    "filters.http.compressor.v3.Compressor.content_length": `${compressorRequest}: { common_config: { min_content_length: … } }`,
    "filters.http.compressor.v3.Compressor.content_type": `${compressorRequest}: { common_config: { content_type_matcher… } }`,
    "filters.http.compressor.v3.Compressor.disable_on_etag_header": `${compressorRequest}: { disable_on_etag_header: … }`,
    "filters.http.compressor.v3.Compressor.remove_accept_encoding_header": `${compressorRequest}: { remove_accept_encoding_header: … }`,
    "filters.http.compressor.v3.Compressor.runtime_enabled": `${compressorRequest}: { common_config: { enabled: … } }`,
    "filters.http.ext_authz.v3.AuthorizationRequest.allowed_headers": "allowed_headers of ExtAuthz",
    "filters.http.ext_proc.v3.ExtProcOverrides.async_mode": removed,
    "filters.http.gcp_authn.v3.GcpAuthnFilterConfig.http_uri": "cluster and timeout",
    "filters.http.lua.v3.Lua.inline_code": "default_source_code: { inline_string: … }",
    "filters.http.router.v3.Router.start_child_span":
      "spawn_upstream_span of the HTTP connection manager's tracing",
    "filters.http.set_metadata.v3.Config.metadata_namespace": "metadata: [{ metadata_namespace: … }]",
    "filters.http.set_metadata.v3.Config.value": "metadata: [{ value: … }]",
    "filters.network.http_connection_manager.v3.HttpConnectionManager.access_log_flush_interval":
      "access_log_options: { access_log_flush_interval: … }",
    "filters.network.http_connection_manager.v3.HttpConnectionManager.flush_access_log_on_new_request":
      "access_log_options: { flush_access_log_on_new_request: … }",
    "filters.network.thrift_proxy.v3.ProtocolType.TWITTER": "another protocol: it is gone",
    "filters.network.dubbo_proxy.v3.DubboProxy.route_config": "multiple_route_config",
    "filters.network.redis_proxy.v3.RedisProxy.downstream_auth_password": "downstream_auth_passwords",
    "filters.network.tcp_proxy.v3.TcpProxy.access_log_flush_interval":
      "access_log_options: { access_log_flush_interval: … }",
    "filters.network.tcp_proxy.v3.TcpProxy.flush_access_log_on_connected":
      "access_log_options: { flush_access_log_on_connected: … }",
    "filters.udp.dns_filter.v3.DnsFilterConfig.ClientContextConfig.upstream_resolvers": dnsResolver,
    "filters.udp.dns_filter.v3.DnsFilterConfig.ClientContextConfig.dns_resolution_config": dnsResolver,
    "filters.udp.udp_proxy.v3.UdpProxyConfig.cluster": "matcher",
    "load_balancing_policies.least_request.v3.LeastRequest.enable_full_scan": "selection_method: FULL_SCAN",
    "load_balancing_policies.ring_hash.v3.RingHash.use_hostname_for_hashing":
      "consistent_hashing_lb_config: { use_hostname_for_hashing: … }",
    "load_balancing_policies.ring_hash.v3.RingHash.hash_balance_factor":
      "consistent_hashing_lb_config: { hash_balance_factor: … }",
    "load_balancing_policies.common.v3.LocalityLbConfig.ZoneAwareLbConfig.force_locality_direct_routing":
      "force_local_zone",
  },
};
