import type { Settings } from "../schema";

export type ConfiguredGroup = Settings["groups"][number];
export type Role = Settings["roles"][number];
export type SccGrant = Settings["sccGrants"][number];
export type PriorityClass = Settings["priorityClasses"][number];

/** Objects that each new project gets. */
export interface ProjectTemplate {
  /** Quantities by resource name; empty without a quota. */
  readonly quota: Settings["projectQuota"];
  readonly limits: Settings["projectLimits"];
  readonly networkIsolation: boolean;
}

/** Roles, groups and the defaults of tenants' projects; the role bindings are in config/authentication/settings.ts. */
export interface AccessControlConfiguration {
  readonly groups: readonly ConfiguredGroup[];
  readonly roles: readonly Role[];
  readonly sccGrants: readonly SccGrant[];
  readonly selfProvisioners: boolean;
  readonly projectRequestMessage?: string;
  /** If undefined, new projects have the cluster's defaults. */
  readonly projectTemplate?: ProjectTemplate;
  readonly priorityClasses: readonly PriorityClass[];
}

export function accessControl(settings: Settings): AccessControlConfiguration {
  const { groups, roles, sccGrants, selfProvisioners, projectRequestMessage, priorityClasses } = settings;
  const template = { quota: settings.projectQuota, limits: settings.projectLimits, networkIsolation: settings.projectNetworkIsolation };
  const isSet = Object.keys(template.quota).length > 0 || template.limits.length > 0 || template.networkIsolation;
  return {
    groups,
    roles,
    sccGrants,
    selfProvisioners,
    ...(projectRequestMessage !== "" && { projectRequestMessage }),
    ...(isSet && { projectTemplate: template }),
    priorityClasses,
  };
}
