import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "@okd-aws/sandbox";
import { dump } from "js-yaml";
import { listed } from "../kinds";
import type { TestedCluster } from "./cluster";

/** A file system, two volumes on it, and a class for more volumes. */
export const sharedStorageKeys = {
  efsFileSystem: true,
  efsRequireTls: false,
  efsVolumes: [
    { name: "web-files", path: "/", namespace: "default", claim: "files", createClaim: true },
    { name: "logs", path: "/logs", namespace: "default", claim: "files-of-web" },
  ],
  storageClasses: [{ type: "efs", name: "shared", gidRangeStart: 3000, gidRangeEnd: 4000 }],
};

interface Bound {
  readonly spec: {
    readonly volumeName: string;
    readonly claimRef?: { readonly name: string };
    readonly nfs?: { readonly server: string; readonly path: string };
    readonly csi?: { readonly volumeHandle: string };
  };
  readonly status: { readonly phase: string };
}

/**
 * Tests a cluster that is installed with `sharedStorageKeys`. The real controller manager binds the claim of the static volume. A stand-in for
 * the EFS driver serves the class. Not proven: that a node can mount. At the end the stack has given up the file system, which stays.
 *
 * @returns the ID of the file system, for a test that runs later
 */
export function testSharedStorage(cluster: () => TestedCluster, region: string, zones: readonly string[]): () => string {
  let fileSystemId = "";
  const read = (kind: string, name: string) => cluster().get<Bound>(kind, name);
  const waitForBound = (claim: string) =>
    cluster().kubectl("wait", `persistentvolumeclaim/${claim}`, "--for=jsonpath={.status.phase}=Bound", "--timeout=90s");

  test("has an encrypted file system with a mount target in each zone", async () => {
    const { stack, topology } = cluster();
    fileSystemId = String((await topology.outputs()).efsFileSystemId);
    const [system, ...others] = stack.made(region, "efs/file-systems");
    expect(others).toEqual([]);
    expect(system).toMatchObject({ FileSystemId: fileSystemId, Encrypted: true, ThroughputMode: "elastic" });
    expect(system.MountTargets.map(({ AvailabilityZoneName }) => AvailabilityZoneName).sort()).toEqual(zones);
    expect(system.MountTargets.map(({ LifeCycleState }) => LifeCycleState)).toEqual(zones.map(() => "available"));
    expect(system.BackupPolicy?.BackupPolicy.Status).toBe("ENABLED");
    expect(system.Policy?.Policy).not.toContain("aws:SecureTransport");
    expect(system.Tags).toContainEqual({ Key: `kubernetes.io/cluster/${stack.infraId}`, Value: "shared" });
  });

  test("binds the claim to the volume on the file system", async () => {
    await waitForBound("files");
    expect((await read("persistentvolumeclaim", "files")).spec.volumeName).toBe("web-files");
    expect((await read("persistentvolume", "web-files")).spec.nfs?.server).toBe(`${fileSystemId}.efs.${region}.amazonaws.com`);
  });

  test("replaces a volume together with the claim that the program created, in the right order", async () => {
    const [files, logs] = sharedStorageKeys.efsVolumes as readonly Record<string, unknown>[];
    const changes: readonly Readonly<Record<string, unknown>>[] = [
      { ...files, path: "/web", size: "200Gi" },
      { ...files, path: "/web", size: "50Gi", claim: "renamed" },
      files,
    ];
    for (const changed of changes) {
      await cluster().configure({ ...sharedStorageKeys, efsVolumes: [changed, logs] });
      await cluster().topology.up();
      await waitForBound(String(changed.claim));
      const { spec } = await read("persistentvolume", "web-files");
      expect([spec.nfs?.path, spec.claimRef?.name]).toEqual([changed.path, changed.claim]);
    }
    await expect(read("persistentvolumeclaim", "renamed")).rejects.toThrow("not found");
  });

  test("binds a volume to a claim that the user creates, and again after the guide's command", async () => {
    const guide = readFileSync(join(projectDirectory, "docs/storage.md"), "utf8");
    const [, claim = ""] = /```yaml\n(apiVersion: v1\nkind: PersistentVolumeClaim\n.*?)```/s.exec(guide) ?? [];
    const [, patch = ""] = /kubectl patch persistentvolume web-files --type merge --patch '(.*?)'/.exec(guide) ?? [];
    const file = join(cluster().topology.sandbox.directory, "claim.yaml");
    writeFileSync(file, claim.replaceAll("web-files", "logs").replace("namespace: web", "namespace: default"));
    await cluster().kubectl("apply", "-f", file);
    await waitForBound("files-of-web");
    await cluster().kubectl("delete", "persistentvolumeclaim", "files-of-web");
    await cluster().kubectl("wait", "persistentvolume/logs", "--for=jsonpath={.status.phase}=Released", "--timeout=60s");
    await cluster().kubectl("patch", "persistentvolume", "logs", "--type", "merge", "--patch", patch);
    await cluster().kubectl("apply", "-f", file);
    await waitForBound("files-of-web");
    expect((await read("persistentvolumeclaim", "files-of-web")).spec.volumeName).toBe("logs");
    await cluster().kubectl("delete", "persistentvolumeclaim", "files-of-web");
  });

  test("gives each claim of the class an access point with the cluster's tag", async () => {
    const claim = (name: string) => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name },
      spec: { accessModes: ["ReadWriteMany"], storageClassName: "shared", resources: { requests: { storage: "1Gi" } } },
    });
    const file = join(cluster().topology.sandbox.directory, "claims.yaml");
    writeFileSync(file, [claim("one"), claim("two")].map((each) => dump(each)).join("---\n"));
    await cluster().kubectl("apply", "-f", file);
    for (const name of ["one", "two"]) await waitForBound(name);
    const { volumeName } = (await read("persistentvolumeclaim", "one")).spec;
    expect((await read("persistentvolume", volumeName)).spec.csi?.volumeHandle).toMatch(new RegExp(`^${fileSystemId}::fsap-`));
    const points = listed(await cluster().topology.inventory(), region, "efs/access-points");
    expect(points.map(({ PosixUser }) => PosixUser?.Gid).sort()).toEqual([3000, 3001]);
    for (const point of points) {
      expect(point.RootDirectory?.Path).toMatch(/^\/dynamic_provisioning\/pvc-/);
      expect(point.Tags).toContainEqual({ Key: `kubernetes.io/cluster/${cluster().stack.infraId}`, Value: "owned" });
    }
  });

  test("deletes the access point with its claim", async () => {
    const { volumeName } = (await read("persistentvolumeclaim", "two")).spec;
    await cluster().kubectl("delete", "persistentvolumeclaim", "two");
    await cluster().kubectl("wait", `persistentvolume/${volumeName}`, "--for=delete", "--timeout=60s");
    expect(listed(await cluster().topology.inventory(), region, "efs/access-points")).toHaveLength(1);
  });

  test("has no changes and no drift in AWS after another update", async () => {
    await cluster().topology.up();
    await cluster().topology.expectNoChanges();
    await cluster().topology.expectNoDrift();
  });

  test("has a preview that updates the file system for efsKeepFileSystem, and refuses another performance mode", async () => {
    await cluster().configure({ ...sharedStorageKeys, efsKeepFileSystem: false });
    const changes = (await cluster().topology.preview()).filter(({ op }) => op !== "same");
    expect(changes.map(({ op, urn }) => `${op} ${urn.split("::").pop()}`)).toEqual(["update shared-file-system"]);
    await cluster().configure({ ...sharedStorageKeys, efsThroughputMode: "bursting", efsPerformanceMode: "maxIO" });
    await expect(cluster().topology.preview()).rejects.toThrow(
      `efsPerformanceMode is not the mode of the cluster's file system ${fileSystemId}`,
    );
  });

  test("keeps the file system and its mount targets when the file system is used by its ID", async () => {
    await cluster().configure({ ...sharedStorageKeys, efsFileSystem: false, efsVolumes: [], efsFileSystemId: fileSystemId });
    const steps = (await cluster().topology.preview()).filter(({ urn }) => urn.includes("shared-file-system"));
    expect(steps.map(({ op, urn }) => `${op} ${urn.split("::").pop()}`).sort()).toEqual([
      "delete shared-file-system",
      "delete shared-file-system-backup",
      "delete shared-file-system-policy",
    ]);
    await cluster().topology.up();
    const [system] = listed(await cluster().topology.inventory(), region, "efs/file-systems");
    expect([system.FileSystemId, system.MountTargets.length]).toEqual([fileSystemId, zones.length]);
    await expect(read("persistentvolume", "web-files")).rejects.toThrow("not found");
    await expect(read("persistentvolumeclaim", "files")).rejects.toThrow("not found");
    await cluster().topology.expectNoChanges();
  });

  test("refuses to preview a second file system while the file system that the stack no longer manages exists", async () => {
    await cluster().configure(sharedStorageKeys);
    await expect(cluster().topology.preview()).rejects.toThrow(`pulumi config set --stack services efsFileSystemId ${fileSystemId}`);
  });

  return () => fileSystemId;
}
