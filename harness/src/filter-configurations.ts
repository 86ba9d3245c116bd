/**
 * The configurations of the workspace's filters by name. `proxy-wasm build` adds one for each filter that has a
 * `schema.json`, so that a mistyped key fails in tsc.
 *
 * @category Start a proxy
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by declaration merging
export interface FilterConfigurations {}
