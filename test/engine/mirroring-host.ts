import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { create } from "tar";
import { hostAddress } from "@okd-aws/sandbox/cluster/hosts";
import { freePort } from "@okd-aws/sandbox/free-port";
import { blobDigest, imageOf, Registry } from "@okd-aws/sandbox/oc-mirror-stand-in";
import { decodeFiles } from "../../ignition/file-transfer";
import { environmentFile } from "../../ignition/installer-host/installer-host";
import { registryConfiguration } from "../../ignition/installer-host/registry";
import { withRegistry } from "../../ignition/mirror/pull-secret";
import { registryCredentialsProvider } from "../../components/installer-host/registry-credentials";

const projectDirectory = join(__dirname, "..", "..");
const scripts = join(projectDirectory, "ignition", "installer-host", "scripts");

/** The exit status and output of a script. */
export interface MirroringResult {
  readonly status: number;
  readonly output: string;
}

/** The real registries of an installer host on loopback, with the host's certificate, passwords and configurations. */
export class RunningRegistry {
  private constructor(
    readonly host: string,
    readonly files: Readonly<Record<string, string>>,
    readonly password: string,
    private readonly processes: readonly ChildProcess[],
  ) {}

  static async start(program: string, directory: string): Promise<RunningRegistry> {
    const { outs } = await registryCredentialsProvider.create({ host: "localhost", rotation: "" });
    if (outs === undefined) throw new Error("no credentials were made");
    const files = decodeFiles(outs.files);
    for (const [path, content] of Object.entries(files)) write(join(directory, path), content);
    const port = await freePort();
    const children = (["push", "pull"] as const).map((role) => {
      const address = role === "push" ? "127.0.0.1" : hostAddress;
      const places = { address: `${address}:${port}`, secrets: join(directory, "registry"), storage: join(directory, "storage") };
      write(join(directory, `${role}.yml`), registryConfiguration({ role }, places));
      return spawn(program, ["serve", join(directory, `${role}.yml`)], { stdio: "ignore", env: {} });
    });
    return new RunningRegistry(`localhost:${port}`, files, outs.password, children);
  }

  stop(): void {
    for (const child of this.processes) child.kill("SIGKILL");
  }
}

/** Directories and programs that replace the installer host. The real script runs there with oc-mirror's stand-in. */
export class MirroringHost {
  readonly s3: string;
  private readonly home: string;
  private readonly etc: string;
  private readonly bin: string;

  constructor(
    readonly root: string,
    readonly registry: RunningRegistry,
    /** Registries that the host trusts and has credentials for. */
    trusted: readonly RunningRegistry[] = [registry],
  ) {
    this.s3 = join(root, "s3");
    this.home = join(root, "home");
    this.etc = join(root, "etc");
    this.bin = join(root, "bin");
    mkdirSync(this.bin, { recursive: true });
    mkdirSync(this.s3, { recursive: true });
    for (const [path, content] of Object.entries(registry.files)) write(join(this.etc, path), content);
    for (const { host, files } of trusted) write(join(this.home, ".config/containers/certs.d", host, "ca.crt"), files["client/ca.crt"]);
    this.authorize(trusted.reduce((secret, { host, password }) => withRegistry(secret, host, { user: "okd", password }), '{"auths":{}}'));
    for (const program of ["oc", "openshift-install"]) this.program(program, "exit 0");
    symlinkSync(join(projectDirectory, "sandbox/oc-mirror-stand-in/oc-mirror"), join(this.bin, "oc-mirror"));
    writeFileSync(join(this.bin, ".okd-tools"), "");
    this.program("mountpoint", `[ "$2" = ${join(root, "data")} ]`);
    this.program("okd-metadata", `echo ${hostAddress}`);
    this.program("okd-health", `exec bash ${join(scripts, "health.sh")} "$@"`);
    // AWS's command line with the subcommands that the script uses. Directories replace the buckets.
    this.program(
      "aws",
      `
      case "$1 $2" in
      "s3 cp")
        [ "$3" = --only-show-errors ] || exit 252
        if [ "$4" = - ]; then file=${this.s3}/\${5#s3://}; mkdir -p "$(dirname "$file")"; cat >"$file"; else cat "${this.s3}/\${4#s3://}"; fi ;;
      "s3api list-objects-v2")
        cd "${this.s3}/$4" || exit 254; find . -path "./$6*" -type f -printf '%P\\t%s\\n' ;;
      *) exit 252 ;;
      esac`,
    );
  }

  /** Replaces the pull secret. */
  authorize(pullSecret: string): void {
    write(join(this.etc, "mirror/auth.json"), pullSecret);
  }

  /** Runs the host's script with the environment that `mirrorServices` writes. */
  async mirror(imageSet: string, environment: Readonly<Record<string, string>>): Promise<MirroringResult> {
    write(join(this.etc, "mirror/image-set.yaml"), imageSet);
    const places = {
      CONFIGURATION: this.etc,
      REGISTRY: this.registry.host,
      TOOL_DIRECTORY: this.bin,
      DATA_DIRECTORY: join(this.root, "data"),
      DATA_DEVICE: "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0",
    };
    const own = {
      ...environment,
      IMAGE_SET: join(this.etc, "mirror/image-set.yaml"),
      MIRROR_AUTHFILE: join(this.etc, "mirror/auth.json"),
      MIRROR_TIMEOUT: "20",
    };
    write(join(this.etc, "host.env"), environmentFile(places));
    write(join(this.etc, "mirror.env"), environmentFile(own));
    return this.run("bash", [join(scripts, "mirror.sh")]);
  }

  /** Runs oc-mirror by hand, as a user does who makes an archive. */
  async ocMirror(imageSet: string, ...args: readonly string[]): Promise<MirroringResult> {
    write(join(this.root, "image-set.yaml"), imageSet);
    const given = ["--v2", "--config", join(this.root, "image-set.yaml"), "--authfile", join(this.etc, "mirror/auth.json"), ...args];
    return this.run(join(this.bin, "oc-mirror"), given);
  }

  /** Content of an object in the stand-in for S3; undefined if it is missing. */
  object(bucket: string, key: string): string | undefined {
    const file = join(this.s3, bucket, key);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  private run(program: string, args: readonly string[]): Promise<MirroringResult> {
    const env = {
      PATH: `${this.bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: this.home,
      OKD_HOST_ENV: join(this.etc, "host.env"),
      OKD_MIRROR_ENV: join(this.etc, "mirror.env"),
    };
    return new Promise((resolve) => {
      execFile(program, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr });
      });
    });
  }

  private program(name: string, body: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
  }
}

/** Pushes an image of one layer to a registry, by its digest or under a tag. Returns the digest. */
async function pushImage(client: Registry, repository: string, layer: Buffer, tag?: string): Promise<string> {
  const { digest, manifest, type, blobs } = imageOf({ host: client.host, repository }, layer);
  for (const blob of blobs) await client.putBlob(repository, blob.digest, blob.bytes);
  await client.putManifest(repository, tag ?? digest, manifest, type);
  return digest;
}

/** Pushes a catalog of operators to a registry, under a tag. */
export async function pushCatalog(registry: RunningRegistry, directory: string, repository: string, tag: string): Promise<string> {
  const client = new Registry(registry.host, join(directory, "auth.json"), registry.files["client/ca.crt"]);
  return pushImage(client, repository, gzipSync("the catalog"), tag);
}

/**
 * Pushes a small release to a registry: a release image that names two other images. Returns its pull specification and the digests of all
 * three.
 */
export async function pushRelease(registry: RunningRegistry, directory: string): Promise<{ release: string; digests: string[] }> {
  const authfile = join(directory, "auth.json");
  write(authfile, withRegistry('{"auths":{}}', registry.host, { user: "okd", password: registry.password }));
  const client = new Registry(registry.host, authfile, registry.files["client/ca.crt"]);
  const push = (repository: string, layer: Buffer) => pushImage(client, repository, layer);
  const components = [];
  for (const name of ["cli", "etcd"]) components.push({ name, digest: await push("okd/scos-content", gzipSync(`the image ${name}`)) });
  const references = {
    kind: "ImageStream",
    metadata: { name: "4.19.0-okd-scos.1" },
    spec: {
      tags: components.map(({ name, digest }) => ({
        name,
        from: { kind: "DockerImage", name: `${registry.host}/okd/scos-content@${digest}` },
      })),
    },
  };
  write(join(directory, "layer/release-manifests/image-references"), JSON.stringify(references));
  create({ gzip: true, file: join(directory, "layer.tar.gz"), cwd: join(directory, "layer"), sync: true }, ["release-manifests"]);
  const release = await push("okd/scos-release", readFileSync(join(directory, "layer.tar.gz")));
  return { release: `${registry.host}/okd/scos-release@${release}`, digests: [...components.map(({ digest }) => digest), release] };
}

/** The digest of the manifest that a registry has under a tag or digest. */
export async function digestIn(registry: RunningRegistry, directory: string, repository: string, reference: string): Promise<string> {
  const client = new Registry(registry.host, join(directory, "auth.json"), registry.files["client/ca.crt"]);
  return blobDigest((await client.manifest(repository, reference)).bytes);
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, content, { mode: 0o600 });
}
