import * as pulumi from "@pulumi/pulumi";
import type { AccessControlConfiguration, PriorityClass } from "../../config/access-control/settings";
import { groupObject } from "../../cluster-objects/access-control/groups";
import { IMMUTABLE_PRIORITY_CLASS_FIELDS, priorityClass } from "../../cluster-objects/access-control/priority-classes";
import {
  projectRequestSettings,
  projectRequestsRestorePatch,
  projectTemplate,
} from "../../cluster-objects/access-control/project-template";
import { roleObject } from "../../cluster-objects/access-control/roles";
import { sccGrant } from "../../cluster-objects/access-control/scc-grants";
import { withoutSelfProvisioners } from "../../cluster-objects/access-control/self-provisioners";
import type { ClusterApi } from "./cluster-api";

export interface AccessControlArgs {
  readonly api: ClusterApi;
  readonly settings: AccessControlConfiguration;
}

/** Groups, roles and SCC grants, the project template and self-provisioning, and priority classes. */
export class AccessControl extends pulumi.ComponentResource {
  constructor(name: string, args: AccessControlArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:AccessControl", name, {}, opts);
    const { api, settings } = args;
    const child = { parent: this };
    for (const each of settings.groups) api.object(`${name}-group-${each.name}`, groupObject(each), child);
    for (const each of settings.roles) api.object(`${name}-role-${each.name}`, roleObject(each), child);
    for (const object of settings.sccGrants.flatMap(sccGrant)) {
      const { name: called, namespace } = object.metadata;
      // The resource name is unambiguous, because a namespace's name has no dot.
      api.object(`${name}-${namespace === undefined ? called : `${namespace}.${called}`}`, object, child);
    }
    if (!settings.selfProvisioners) api.patchAndRestore(`${name}-self-provisioners`, withoutSelfProvisioners, child);
    this.declareProjects(name, args);
    this.declareClasses(name, api, settings.priorityClasses);
    this.registerOutputs();
  }

  private declareProjects(name: string, args: AccessControlArgs): void {
    const { api, settings } = args;
    const { projectTemplate: wanted } = settings;
    const child = { parent: this };
    const template = wanted && api.object(`${name}-project-template`, projectTemplate(wanted), child);
    const requests = projectRequestSettings(settings);
    // The API server refuses new projects while the configured template does not exist, so the template is created first.
    if (requests === undefined) return;
    const patch = api.patch(`${name}-project-requests`, requests, { ...child, dependsOn: template ? [template] : [] });
    api.patchAndRestore(`${name}-project-requests-restored`, projectRequestsRestorePatch, { ...child, dependsOn: patch });
  }

  private declareClasses(name: string, api: ClusterApi, classes: readonly PriorityClass[]): void {
    const declare = (each: PriorityClass, dependsOn: readonly pulumi.Resource[]) =>
      api.object(`${name}-priority-${each.name}`, priorityClass(each), {
        parent: this,
        dependsOn: [...dependsOn],
        replaceOnChanges: [...IMMUTABLE_PRIORITY_CLASS_FIELDS],
        deleteBeforeReplace: true,
      });
    const others = classes.filter(({ globalDefault }) => !globalDefault).map((each) => declare(each, []));
    // The other classes come first: one of them may be the previous global default, and the API server refuses a second global default.
    for (const each of classes) if (each.globalDefault) declare(each, others);
  }
}
