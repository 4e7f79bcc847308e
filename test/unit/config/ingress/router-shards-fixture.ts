import type { RouterShard, Routers } from "../../../../config/ingress/settings";
import { parseConfiguration } from "../../../../config/parse";
import { withKeys } from "../fixture";

/** A shard of the cluster `dev.okd.example.com`, with some fields changed; undefined removes a field. */
export function shardOf(name: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const shard = {
    name,
    domain: `${name}.dev.okd.example.com`,
    scope: "External",
    namespaceSelector: { matchLabels: { exposure: name } },
    ...changes,
  };
  return Object.fromEntries(Object.entries<unknown>(shard).filter(([, value]) => value !== undefined));
}

export const ZONE = "Z0123456789ABCDEFGHIJ";

/** The fields that a shard behind a WAF needs. */
export const BEHIND_WAF = { infraNodes: ["infra-0", "infra-1"], zoneId: ZONE, waf: {} };

/** The routers of a valid configuration with some keys changed. */
export function configuredRouters(keys: Readonly<Record<string, unknown>>): Routers {
  return parseConfiguration(withKeys(keys)).platform.routers;
}

/** Parses a configuration with one shard, and returns the shard. `changes` are fields of the shard, `keys` other keys. */
export function onlyShard(changes: Readonly<Record<string, unknown>> = {}, keys: Readonly<Record<string, unknown>> = {}): RouterShard {
  const { shards } = configuredRouters({ routerShards: [shardOf("public", changes)], ...keys });
  expect(shards).toHaveLength(1);
  return shards[0];
}
