import { loadAll } from "js-yaml";
import { KNOWN_RANGE } from "../config/releases/table";
import { toYaml } from "../lib/yaml";
import type { Manifests } from "./manifests";
import { withSourcePolicy } from "./mirror/cluster-resources";
import type { SourcePolicy } from "./mirror/release";

export interface PatchOptions {
  readonly infraId: string;
  readonly mastersSchedulable: boolean;
  readonly publish: "External" | "Internal";
  /** ID of the private hosted zone; undefined with user-managed DNS, which leaves both zones out of the cluster's DNS object. */
  readonly privateZoneId?: string;
  /** Role that the cluster assumes to write into the zone, if the zone belongs to another account. */
  readonly privateZoneRoleArn?: string;
  /** Whether nodes may pull an image from its source if the mirror does not have it. The install-config has no field for this. */
  readonly sourcePolicy?: SourcePolicy;
}

/** Changes to the asset directory between `create manifests` and `create ignition-configs`. */
export interface ManifestPatches {
  /** Paths to delete. */
  readonly remove: readonly string[];
  /** Paths to write, with their new content. */
  readonly write: Manifests;
}

interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** This program creates the instances, so the cluster must not create Machines at installation. */
const forbiddenKinds: ReadonlySet<string> = new Set(["Machine", "MachineSet", "ControlPlaneMachineSet"]);

/**
 * Computes the changes to the manifests that `openshift-install create manifests` wrote. Objects are recognized by group and kind, never by
 * file name: file names have changed between releases.
 *
 * @throws Error if an object that must be patched is missing, or the installer did not use the given infraID.
 */
export function patchManifests(manifests: Manifests, options: PatchOptions): ManifestPatches {
  const remove: string[] = [];
  const write: Record<string, string> = {};
  const seen = new Set<string>();
  for (const [path, text] of Object.entries(manifests)) {
    const object = parse(path, text);
    const kind = qualifiedKind(object);
    seen.add(kind);
    if (isForbidden(object) || (kind === "operator.openshift.io/IngressController" && options.publish === "External")) {
      remove.push(path);
    } else if (kind === "config.openshift.io/Scheduler") {
      write[path] = toYaml({ ...object, spec: { ...object.spec, mastersSchedulable: options.mastersSchedulable } });
    } else if (kind === "config.openshift.io/DNS") {
      write[path] = toYaml({ ...object, spec: dnsSpec(object.spec ?? {}, options) });
    } else if (kind === "config.openshift.io/ImageDigestMirrorSet" && options.sourcePolicy !== undefined) {
      write[path] = toYaml(withSourcePolicy(object, options.sourcePolicy));
    } else if (kind === "config.openshift.io/Infrastructure") {
      requireInfraId(object, options.infraId);
    }
  }
  for (const kind of ["config.openshift.io/Scheduler", "config.openshift.io/DNS", "config.openshift.io/Infrastructure"]) {
    if (!seen.has(kind)) {
      throw new Error(
        `openshift-install wrote no manifest of kind ${kind}, which this program must check or change for a safe installation. ` +
          `Use the installer of the configured release (known: ${KNOWN_RANGE}).`,
      );
    }
  }
  return { remove, write };
}

/**
 * Checks that no forbidden object is left among the manifests that the bootstrap instance gets.
 *
 * @throws Error that names every file with such an object.
 */
export function assertNothingForbidden(manifests: Manifests): void {
  const left = Object.entries(manifests).filter(([path, text]) => isForbidden(parse(path, text)));
  if (left.length > 0) {
    const list = left.map(([path]) => path).join(", ");
    throw new Error(`the manifests would make the cluster create Machines in addition to this program's instances: ${list}. Remove them.`);
  }
}

function dnsSpec(spec: Readonly<Record<string, unknown>>, options: PatchOptions): Record<string, unknown> {
  if (options.privateZoneId === undefined) {
    return Object.fromEntries(Object.entries(spec).filter(([field]) => field !== "privateZone" && field !== "publicZone"));
  }
  return {
    ...spec,
    // The zone is given by its ID. Without an ID the operator would search for a zone whose tag has the value `owned`, which says that the
    // cluster owns the zone. But this program owns it.
    privateZone: { id: options.privateZoneId },
    // In the format that the installer writes for `hostedZoneRole` (openshift/installer, `pkg/asset/manifests/dns.go`). The install-config
    // does not have that field, because with it the installer would look the zone up.
    ...(options.privateZoneRoleArn !== undefined && {
      platform: { type: "AWS", aws: { privateZoneIAMRole: options.privateZoneRoleArn } },
    }),
  };
}

function requireInfraId(object: KubernetesObject, infraId: string): void {
  const name = object.status?.infrastructureName;
  if (name !== infraId) {
    throw new Error(
      `openshift-install named the infrastructure ${JSON.stringify(name)} instead of "${infraId}", so it would not match the cluster's tags and names. ` +
        `This release stores its state in another format: use a release from ${KNOWN_RANGE}.`,
    );
  }
}

function isForbidden(object: KubernetesObject): boolean {
  return (object.apiVersion ?? "").startsWith("machine.openshift.io/") && forbiddenKinds.has(object.kind ?? "");
}

function qualifiedKind(object: KubernetesObject): string {
  const group = (object.apiVersion ?? "").split("/").slice(0, -1).join("/");
  return group === "" ? (object.kind ?? "") : `${group}/${object.kind ?? ""}`;
}

function parse(path: string, text: string): KubernetesObject {
  const documents = loadAll(text).filter((document) => document !== null);
  if (documents.length !== 1) {
    throw new Error(`${path} has ${documents.length} objects, but openshift-install writes one per file`);
  }
  return documents[0] as KubernetesObject;
}
