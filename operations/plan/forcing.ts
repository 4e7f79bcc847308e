import table from "./forcing.json";

/**
 * Properties of AWS and command resources whose change makes another resource of it, by type: what the pinned plugins say of themselves
 * (`willReplaceOnChanges` in their schemas). `test/engine/forcing.test.ts` makes the table anew.
 */
const provided = table as Readonly<Partial<Record<string, readonly string[]>>>;

/**
 * What schemas don't tell. Resources that the AWS provider writes in the plugin framework decide when they are asked (hashicorp/terraform-provider-aws,
 * `internal/service/ec2/vpc_security_group_rule.go`: RequiresReplace); of a command only other triggers make another one (pulumi/pulumi-command).
 */
const unsaid: typeof provided = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupId"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupId"],
  "command:local:Command": ["triggers"],
  "command:remote:Command": ["triggers"],
};

/** The API server refuses another value of these, so that the provider makes another object (pulumi/pulumi-kubernetes, `provider/pkg/provider/diff.go`; the API's validation). */
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

/** Whether a change of a property makes another resource; undefined where nobody knows: types of no table, and dynamic ones, whose own code decides. */
export function forcesReplacement(type: string, path: string): boolean | undefined {
  if (type.startsWith("kubernetes:")) return ofObjects.some(([types, paths]) => types.test(type) && paths.test(path));
  const forcing = unsaid[type] ?? provided[type];
  return forcing?.some((property) => isWithin(path, property));
}

/** Whether a path is a property, or leads into it. Indexes of lists don't count: `subnetMappings[0].allocationId` is of `subnetMappings.allocationId`. */
export function isWithin(path: string, property: string): boolean {
  const plain = path.replaceAll(/\[\d+\]/g, "");
  return plain === property || plain.startsWith(`${property}.`);
}
