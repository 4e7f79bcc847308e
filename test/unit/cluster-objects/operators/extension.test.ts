/** The objects of an operator of version 1 of OLM. */
import { clusterExtension, extensionAccount, extensionRole, extensionRoleBinding } from "../../../../cluster-objects/operators/extension";
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import type { ExtensionConfiguration } from "../../../../config/operators/settings";

const entry: ExtensionConfiguration = {
  ...{ package: "demo", namespace: "demo", catalog: "team", channel: "stable", version: "1.0.0" },
  permissions: [{ apiGroups: ["apps"], resources: ["deployments"], resourceNames: [], nonResourceURLs: [], verbs: ["create"] }],
  upgradeConstraintPolicy: "CatalogProvided",
};

test("a ClusterExtension names one version, one channel and one catalog", () => {
  expect(clusterExtension(entry)).toMatchObject({
    metadata: { name: "demo" },
    spec: {
      namespace: "demo",
      source: {
        sourceType: "Catalog",
        catalog: {
          packageName: "demo",
          version: "1.0.0",
          channels: ["stable"],
          selector: { matchLabels: { "olm.operatorframework.io/metadata.name": "team" } },
        },
      },
    },
  });
});

test("the installing account gets the configured rules and the right to own objects, and nothing else", () => {
  expect(extensionRole(entry).rules).toEqual([
    { apiGroups: ["olm.operatorframework.io"], resources: ["clusterextensions/finalizers"], resourceNames: ["demo"], verbs: ["update"] },
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["create"] },
  ]);
});

test("the ClusterExtension, the binding and the account name each other", () => {
  const { name } = extensionAccount(entry).metadata;
  const { name: role } = extensionRole(entry).metadata;
  expect(clusterExtension(entry).spec).toMatchObject({ serviceAccount: { name } });
  expect(extensionRoleBinding(entry)).toMatchObject({
    roleRef: { kind: "ClusterRole", name: role },
    subjects: [{ kind: "ServiceAccount", name, namespace: "demo" }],
  });
});

test("changed permissions change the ClusterExtension, so that OLM tries again", () => {
  const changed = { ...entry, permissions: [{ ...entry.permissions[0], verbs: ["create", "get"] }] };
  expect(clusterExtension(changed).metadata.annotations).not.toEqual(clusterExtension(entry).metadata.annotations);
  expect(clusterExtension(changed).spec).toEqual(clusterExtension(entry).spec);
});

test("the definitions allow all objects", () => {
  const objects = [clusterExtension, extensionAccount, extensionRole, extensionRoleBinding].map((object) => object(entry));
  expect(objects.flatMap((object) => schemaProblems(object))).toEqual([]);
});
