import table from "./forcing.json";

/**
 * Properties of AWS and command resources whose change replaces the resource, by type. The table comes from the schemas of the pinned
 * plugins (`willReplaceOnChanges`); `test/engine/forcing.test.ts` regenerates it.
 */
const forcingProperties = table as Readonly<Partial<Record<string, readonly string[]>>>;

/**
 * Properties whose change forces a replacement although the schemas do not say so. AWS resources written with the Terraform plugin
 * framework decide it at run time (hashicorp/terraform-provider-aws, `internal/service/ec2/vpc_security_group_rule.go`: RequiresReplace). A
 * command is replaced only if its triggers change (pulumi/pulumi-command).
 */
const notInSchemas: typeof forcingProperties = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupId"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupId"],
  "command:local:Command": ["triggers"],
  "command:remote:Command": ["triggers"],
};

/** Immutable fields of Kubernetes objects: if one changes, the provider replaces the object (pulumi/pulumi-kubernetes, `provider/pkg/provider/diff.go`; the API's validation). */
const ofObjects: readonly (readonly [RegExp, RegExp])[] = [
  [/./, /^(apiVersion|kind|metadata\.(name|namespace))$/],
  [/:(Deployment|DaemonSet|ReplicaSet)$/, /^spec\.selector(\.|$)/],
  [/:StatefulSet$/, /^spec\.(selector|serviceName|podManagementPolicy|volumeClaimTemplates)(\.|$|\[)/],
  [/:Job$/, /^spec\.(selector|template|completions)(\.|$)/],
  [/:StorageClass$/, /^(provisioner|parameters|reclaimPolicy|volumeBindingMode)(\.|$)/],
  [/:(Cluster)?RoleBinding$/, /^roleRef(\.|$)/],
  [/:PersistentVolumeClaim$/, /^spec\.(accessModes|storageClassName|selector|volumeName|volumeMode)(\.|$)/],
  [/:Secret$/, /^type$/],
];

/**
 * Whether a change of a property forces a replacement; undefined if that is unknown: for types that are in no table, and for dynamic
 * resources, whose own code decides it.
 */
export function forcesReplacement(type: string, path: string): boolean | undefined {
  if (type.startsWith("kubernetes:")) return ofObjects.some(([types, paths]) => types.test(type) && paths.test(path));
  const forcing = notInSchemas[type] ?? forcingProperties[type];
  return forcing?.some((property) => isInsideProperty(path, property));
}

/** Whether a path is a property or inside it. List indexes are ignored: `subnetMappings[0].allocationId` belongs to `subnetMappings.allocationId`. */
export function isInsideProperty(path: string, property: string): boolean {
  const plain = path.replaceAll(/\[\d+\]/g, "");
  return plain === property || plain.startsWith(`${property}.`);
}
