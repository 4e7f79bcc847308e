/** A process that the sandbox runs in place of a pod gets the pod's variables, files and volume. */
import type { Api, KubeObject } from "../../../../../sandbox/cluster/api";
import {
  containerOf,
  isPodReady,
  mountedFiles,
  mountedVolume,
  type Pod,
  variablesOf,
} from "../../../../../sandbox/cluster/applications/pod";
import { databaseSettings } from "../../../../../sandbox/cluster/applications/postgres";

const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    containers: [
      {
        name: "php",
        image: "registry.access.redhat.com/ubi9/php-83:latest",
        env: [
          { name: "PGHOST", value: "database" },
          { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "database", key: "password" } } },
        ],
        volumeMounts: [
          { name: "program", mountPath: "/opt/app-root/src" },
          { name: "data", mountPath: "/data" },
        ],
      },
    ],
    volumes: [
      { name: "program", configMap: { name: "program" } },
      { name: "data", persistentVolumeClaim: { claimName: "data" } },
    ],
  },
};
const [container] = pod.spec.containers;

const objects: Readonly<Record<string, object>> = {
  "/api/v1/namespaces/shop/secrets/database": { data: { password: Buffer.from("it's secret").toString("base64") } },
  "/api/v1/namespaces/shop/configmaps/program": { data: { "index.php": "<?php" } },
  "/api/v1/namespaces/shop/persistentvolumeclaims/data": { spec: { volumeName: "pvc-1" } },
  "/api/v1/persistentvolumes/pvc-1": { spec: { csi: { volumeHandle: "vol-1" } } },
};
const apiOf = (all: typeof objects) => ({ get: (path: string) => Promise.resolve(all[path] as KubeObject | undefined) }) as unknown as Api;

test("a process's variables have the values in the pod and those in Secrets", async () => {
  expect(await variablesOf(apiOf(objects), "shop", container)).toEqual({ PGHOST: "database", PGPASSWORD: "it's secret" });
});

test("a process does not start if a variable's Secret does not exist, as with the kubelet", async () => {
  await expect(variablesOf(apiOf({}), "shop", container)).rejects.toThrow("the Secret database lacks the key password");
});

test("a process gets the files of the mounted ConfigMap and the volume of the bound claim", async () => {
  expect(await mountedFiles(apiOf(objects), pod, container, "/opt/app-root/src")).toEqual({ "index.php": "<?php" });
  expect(await mountedVolume(apiOf(objects), pod, container, "/data")).toBe("vol-1");
});

test("a claim without a volume is an error", async () => {
  const unbound = { ...objects, "/api/v1/namespaces/shop/persistentvolumeclaims/data": { spec: {} } };
  await expect(mountedVolume(apiOf(unbound), pod, container, "/data")).rejects.toThrow("the claim data has no volume of a driver");
});

test.each([
  ["php-83", true],
  ["php-8", false],
  ["3", false],
])("the pod has a container with the image name %s: %j", (name, found) => {
  expect(containerOf(pod, name) !== undefined).toBe(found);
});

test.each<[string, Partial<Pod>, boolean]>([
  ["is ready", { status: { conditions: [{ type: "Ready", status: "True" }] } }, true],
  ["is not ready yet", { status: { conditions: [{ type: "Ready", status: "False" }] } }, false],
  [
    "is being deleted",
    { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" }, status: { conditions: [{ type: "Ready", status: "True" }] } },
    false,
  ],
])("a pod that %s is ready: %j", (_, change, ready) => {
  expect(isPodReady({ ...pod, ...change })).toBe(ready);
});

test("a database needs all three variables of the image", () => {
  const variables = { POSTGRESQL_USER: "a", POSTGRESQL_PASSWORD: "b", POSTGRESQL_DATABASE: "c" };
  expect(databaseSettings(variables)).toEqual({ user: "a", password: "b", database: "c" });
  expect(() => databaseSettings({ ...variables, POSTGRESQL_PASSWORD: "" })).toThrow("must be set");
});
