import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import type { RegistryAccess } from "../../ignition/installer-host/registry";
import { noProxyList } from "../../ignition/no-proxy";
import { nodePullSecret } from "../../ignition/pull-secret";
import { proxySettings } from "../../cluster-objects/settings/proxy";
import { PULL_SECRET, PULL_SECRET_FIELD } from "../../cluster-objects/settings/pull-secret";
import type { ClusterApi } from "./cluster-api";

export interface RegistryAccessSettingsArgs {
  readonly api: ClusterApi;
  readonly configuration: Configuration;
  /** Access to the installer host's registry, if the release is mirrored there. */
  readonly registry: pulumi.Output<RegistryAccess> | undefined;
}

/**
 * The pull secret and the proxy with which a running cluster reaches registries. The cluster was installed with the same values, so the first
 * update reboots no node; a later change of a value does.
 */
export class RegistryAccessSettings extends pulumi.ComponentResource {
  constructor(name: string, { api, configuration, registry }: RegistryAccessSettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:RegistryAccess", name, {}, opts);
    // The patches are retained when their configuration keys are removed: nodes need a pull secret, and the proxy may be their only egress.
    const options = { parent: this, retainOnDelete: true };
    if (registry !== undefined || configuration.platform.settings.hasPullSecret) {
      const text = pulumi.output(registry).apply((access) => nodePullSecret(configuration, access));
      const data = { [PULL_SECRET_FIELD]: pulumi.secret(text).apply((secret) => Buffer.from(secret).toString("base64")) };
      api.patch(`${name}-pull-secret`, { ...PULL_SECRET, data }, options);
    }
    const { proxy } = configuration;
    if (proxy) {
      const { httpProxy, httpsProxy } = proxy;
      const spec = {
        noProxy: noProxyList(configuration),
        ...(httpProxy !== undefined && { httpProxy: pulumi.secret(httpProxy) }),
        ...(httpsProxy !== undefined && { httpsProxy: pulumi.secret(httpsProxy) }),
      };
      api.patch(`${name}-proxy`, proxySettings(spec), options);
    }
    this.registerOutputs();
  }
}
