import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectDirectory } from "@okd-aws/sandbox";
import type { Inventory } from "@okd-aws/sandbox/aws";
import { dump } from "js-yaml";
import { listed, newIn } from "./kinds";
import { describeWithTools } from "./requirements";
import { type StackConfiguration, Topology } from "./topology";

const run = promisify(execFile);
const region = "us-east-1";
const MINUTE_MS = 60_000;

/** A single node in a network with two zones, with a file system, a volume on it, and a class for more volumes. */
const shared: StackConfiguration = {
  "aws:region": region,
  clusterName: "shared",
  baseDomain: "okd.example.com",
  release: "4.19.0-okd-scos.1",
  releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
  zones: ["us-east-1a", "us-east-1b"],
  natGateways: "single",
  masterCount: 1,
  masterInstanceType: "m6i.4xlarge",
  workerCount: 0,
  protectMasters: false,
  executor: "local",
  installerHost: false,
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
 * The real controller manager binds the claim of the static volume. A stand-in for the EFS driver serves the class. Not proven: that a node
 * can mount.
 */
describeWithTools("a cluster with shared storage", () => {
  let topology: Topology;
  let before: Inventory;
  let fileSystemId = "";
  let infraId = "";
  const kubectl = async (...args: readonly string[]): Promise<string> => {
    const kubeconfig = join(topology.sandbox.directory, "kubeconfig");
    return (await run("kubectl", ["--kubeconfig", kubeconfig, ...args], { env: topology.sandbox.processEnvironment })).stdout;
  };
  const read = async (kind: string, name: string) => JSON.parse(await kubectl("get", kind, name, "--output", "json")) as Bound;
  const waitForBound = (claim: string) =>
    kubectl("wait", `persistentvolumeclaim/${claim}`, "--for=jsonpath={.status.phase}=Bound", "--timeout=90s");

  beforeAll(async () => {
    topology = await Topology.open("shared-storage", { machines: true });
    before = await topology.inventory();
    await topology.configure(shared);
  }, 5 * MINUTE_MS);

  afterAll(async () => {
    await topology.close();
  }, MINUTE_MS);

  test("has an encrypted file system with a mount target in each zone", async () => {
    await topology.up();
    const outputs = await topology.outputs();
    infraId = String(outputs.infraId);
    fileSystemId = String(outputs.efsFileSystemId);
    writeFileSync(join(topology.sandbox.directory, "kubeconfig"), String(outputs.kubeconfig), { mode: 0o600 });
    const [system, ...others] = listed(await topology.inventory(), region, "efs/file-systems");
    expect(others).toEqual([]);
    expect(system).toMatchObject({ FileSystemId: fileSystemId, Encrypted: true, ThroughputMode: "elastic" });
    expect(system.MountTargets.map(({ AvailabilityZoneName }) => AvailabilityZoneName).sort()).toEqual(shared.zones);
    expect(system.MountTargets.map(({ LifeCycleState }) => LifeCycleState)).toEqual(["available", "available"]);
    expect(system.BackupPolicy?.BackupPolicy.Status).toBe("ENABLED");
    expect(system.Policy?.Policy).not.toContain("aws:SecureTransport");
    expect(system.Tags).toContainEqual({ Key: `kubernetes.io/cluster/${infraId}`, Value: "shared" });
  });

  test("binds the claim to the volume on the file system", async () => {
    await waitForBound("files");
    expect((await read("persistentvolumeclaim", "files")).spec.volumeName).toBe("web-files");
    expect((await read("persistentvolume", "web-files")).spec.nfs?.server).toBe(`${fileSystemId}.efs.${region}.amazonaws.com`);
  });

  test("replaces a volume together with the claim that the program created, in the right order", async () => {
    const [files, logs] = shared.efsVolumes as readonly Record<string, unknown>[];
    const changes: readonly Readonly<Record<string, unknown>>[] = [
      { ...files, path: "/web", size: "200Gi" },
      { ...files, path: "/web", size: "50Gi", claim: "renamed" },
      files,
    ];
    for (const changed of changes) {
      await topology.configure({ ...shared, efsVolumes: [changed, logs] });
      await topology.up();
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
    const file = join(topology.sandbox.directory, "claim.yaml");
    writeFileSync(file, claim.replaceAll("web-files", "logs").replace("namespace: web", "namespace: default"));
    await kubectl("apply", "-f", file);
    await waitForBound("files-of-web");
    await kubectl("delete", "persistentvolumeclaim", "files-of-web");
    await kubectl("wait", "persistentvolume/logs", "--for=jsonpath={.status.phase}=Released", "--timeout=60s");
    await kubectl("patch", "persistentvolume", "logs", "--type", "merge", "--patch", patch);
    await kubectl("apply", "-f", file);
    await waitForBound("files-of-web");
    expect((await read("persistentvolumeclaim", "files-of-web")).spec.volumeName).toBe("logs");
    await kubectl("delete", "persistentvolumeclaim", "files-of-web");
  });

  test("gives each claim of the class an access point with the cluster's tag", async () => {
    const claim = (name: string) => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name },
      spec: { accessModes: ["ReadWriteMany"], storageClassName: "shared", resources: { requests: { storage: "1Gi" } } },
    });
    const file = join(topology.sandbox.directory, "claims.yaml");
    writeFileSync(file, [claim("one"), claim("two")].map((each) => dump(each)).join("---\n"));
    await kubectl("apply", "-f", file);
    for (const name of ["one", "two"]) await waitForBound(name);
    const { volumeName } = (await read("persistentvolumeclaim", "one")).spec;
    expect((await read("persistentvolume", volumeName)).spec.csi?.volumeHandle).toMatch(new RegExp(`^${fileSystemId}::fsap-`));
    const points = listed(await topology.inventory(), region, "efs/access-points");
    expect(points.map(({ PosixUser }) => PosixUser?.Gid).sort()).toEqual([3000, 3001]);
    for (const point of points) {
      expect(point.RootDirectory?.Path).toMatch(/^\/dynamic_provisioning\/pvc-/);
      expect(point.Tags).toContainEqual({ Key: `kubernetes.io/cluster/${infraId}`, Value: "owned" });
    }
  });

  test("deletes the access point with its claim", async () => {
    const { volumeName } = (await read("persistentvolumeclaim", "two")).spec;
    await kubectl("delete", "persistentvolumeclaim", "two");
    await kubectl("wait", `persistentvolume/${volumeName}`, "--for=delete", "--timeout=60s");
    expect(listed(await topology.inventory(), region, "efs/access-points")).toHaveLength(1);
  });

  test("has nothing to change afterwards, and no drift in AWS", async () => {
    await topology.up();
    await topology.expectNoChanges();
    await topology.expectNoDrift();
  });

  test("is told by the preview that efsKeepFileSystem changes, and that the performance mode can't", async () => {
    await topology.configure({ ...shared, efsKeepFileSystem: false });
    const changes = (await topology.preview()).filter(({ op }) => op !== "same");
    expect(changes.map(({ op, urn }) => `${op} ${urn.split("::").pop()}`)).toEqual(["update shared-file-system"]);
    await topology.configure({ ...shared, efsThroughputMode: "bursting", efsPerformanceMode: "maxIO" });
    await expect(topology.preview()).rejects.toThrow(`efsPerformanceMode is not the mode of the cluster's file system ${fileSystemId}`);
  });

  test("keeps the file system and its mount targets when the file system is used by its ID", async () => {
    await topology.configure({ ...shared, efsFileSystem: false, efsVolumes: [], efsFileSystemId: fileSystemId });
    const steps = (await topology.preview()).filter(({ urn }) => urn.includes("shared-file-system"));
    expect(steps.map(({ op, urn }) => `${op} ${urn.split("::").pop()}`).sort()).toEqual([
      "delete shared-file-system",
      "delete shared-file-system-backup",
      "delete shared-file-system-policy",
    ]);
    await topology.up();
    const [system] = listed(await topology.inventory(), region, "efs/file-systems");
    expect([system.FileSystemId, system.MountTargets.length]).toEqual([fileSystemId, 2]);
    await expect(read("persistentvolume", "web-files")).rejects.toThrow("not found");
    await expect(read("persistentvolumeclaim", "files")).rejects.toThrow("not found");
    await topology.expectNoChanges();
  });

  test("refuses to preview a second file system while the file system that the stack no longer manages exists", async () => {
    await topology.configure(shared);
    await expect(topology.preview()).rejects.toThrow(`pulumi config set --stack shared-storage efsFileSystemId ${fileSystemId}`);
  });

  test("is destroyed, and leaves only the file system, without mount targets and access points", async () => {
    await topology.destroy();
    const after = await topology.inventory();
    const [system] = listed(after, region, "efs/file-systems");
    expect([system.FileSystemId, system.MountTargets]).toEqual([fileSystemId, []]);
    expect(newIn(before, after)).toEqual({ [region]: { "efs/file-systems": [system] } });
    expect((await topology.state()).deployment.resources ?? []).toEqual([]);
  });
});
