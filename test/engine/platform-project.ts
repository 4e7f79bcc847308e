import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { dump, load } from "js-yaml";
import { linkTools, projectDirectory } from "@okd-aws/sandbox";
import type { KubeObject } from "@okd-aws/sandbox/cluster/api-server";
import { cleanEnvironment } from "@okd-aws/sandbox/environment";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import type { ApiObject } from "../../cluster-objects/object";
import type { KubeClient } from "./kube-client";
import { Relay } from "./relay";
import { type SharedServer, sharedServer } from "./shared-server";

const engineTools = [
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-resource-pulumi-nodejs",
  "pulumi-resource-command",
  "pulumi-resource-kubernetes",
] as const;

/** The namespaces of OpenShift in which the program writes, and the namespace of the cluster version operator's events. */
const namespaces = [
  "openshift-cluster-version",
  "openshift-config",
  "openshift-config-managed",
  "openshift-ingress",
  "openshift-ingress-operator",
  "openshift-monitoring",
  "openshift-user-workload-monitoring",
];

/** The keys that every configuration needs. Each test adds the keys of its topic. */
const leastConfiguration = {
  clusterName: "demo",
  baseDomain: "okd.example.com",
  release: "4.19.0-okd-scos.1",
  zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
};

/** Precedes the text of each test's program: an installed cluster and its configuration. */
const prelude = `
  import * as pulumi from "@pulumi/pulumi";
  import { ClusterApi } from "./components/cluster/cluster-api";
  import { parseConfiguration } from "./config/parse";
  const configuration = parseConfiguration(pulumi.runtime.allConfig(), { region: "us-east-1" });
  const { platform } = configuration;
  class Stands extends pulumi.ComponentResource {
    constructor(name: string) {
      super("test:index:Stands", name);
      this.registerOutputs();
    }
  }
  const identity = new Stands("identity");
  const infraId = pulumi.output("demo-x7k2p");
  const installed = new Stands("installed");
  const kubeconfig = pulumi.secret(process.env.TEST_KUBECONFIG ?? "");
  const api = new ClusterApi("cluster-api", { kubeconfig, infraId, identity, installed, installedBefore: true });
`;

/** One resource that a preview or an update would change, by its name. A `replace` is one change. */
export interface Change {
  readonly op: "create" | "update" | "replace" | "delete";
  readonly name: string;
  /** Paths of the changed inputs, such as `spec.audit.profile`; empty for a creation or deletion. */
  readonly fields: readonly string[];
}

export interface ProjectResult {
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
}

/**
 * Runs a component on a real API server with OpenShift's kinds. It uses the real Pulumi engine and the real Kubernetes plugin, without AWS,
 * instances or operators. So no operator acts on the objects that the program writes.
 */
export class PlatformProject {
  readonly directory = mkdtempSync(join(tmpdir(), "platform-project-"));
  private environment: NodeJS.ProcessEnv = {};
  private server: SharedServer | undefined;
  /** The port through which the program reaches the API server. */
  private relay: Relay | undefined;

  private constructor() {}

  /**
   * @param program TypeScript in the project's root, which can use `api`, `configuration`, `platform`, `pulumi`, `identity`, `infraId` and
   * `installed`: `import { T } from "./components/cluster/t"; new T("t", { api, settings: platform.t });`. Its exports are the stack's
   * outputs.
   * @param keys values by configuration key; a key without a namespace, unlike `aws:region`, gets the namespace `okd-aws`
   * @param environment variables of the program in addition to those of every program
   */
  static async make(
    program: string,
    keys: Readonly<Record<string, unknown>> = {},
    environment: NodeJS.ProcessEnv = {},
  ): Promise<PlatformProject> {
    const project = new PlatformProject();
    try {
      const [kubeconfig] = await Promise.all([project.openServer(), project.writeProject()]);
      Object.assign(project.environment, environment, { TEST_KUBECONFIG: kubeconfig });
      await project.program(program);
      project.configure(keys);
    } catch (error) {
      await project.remove();
      throw error;
    }
    return project;
  }

  /** The API server, for tests that read or create the cluster's objects. */
  get api(): KubeClient {
    return this.sharedServer.api;
  }

  /** The port to which the API server sends token reviews. */
  get tokenReviewPort(): number {
    return this.sharedServer.tokenReviewPort;
  }

  private get sharedServer(): SharedServer {
    if (this.server === undefined) throw new Error("the API server doesn't run");
    return this.server;
  }

  /** Replaces the program. */
  async program(text: string): Promise<void> {
    await build({
      stdin: { contents: prelude + text, resolveDir: projectDirectory, loader: "ts", sourcefile: "program.ts" },
      outfile: join(this.directory, "index.js"),
      bundle: true,
      platform: "node",
      external: ["@pulumi/*"],
      plugins: [ownDirectories],
      logLevel: "silent",
    });
  }

  /** Sets the configuration: the required keys and the given ones. All other keys have their defaults. */
  configure(keys: Readonly<Record<string, unknown>>): void {
    const file = join(this.directory, "Pulumi.test.yaml");
    const stack = load(readFileSync(file, "utf8")) as object;
    const own = Object.entries({ ...leastConfiguration, ...keys }).map(([key, value]) => [
      key.includes(":") ? key : `okd-aws:${key}`,
      value,
    ]);
    writeFileSync(file, dump({ ...stack, config: Object.fromEntries(own) as object }));
  }

  /**
   * Encrypts the values of a secret map as the stack file has them, for `configure`. A secret in plain text would be in the state, because
   * the Pulumi engine stores the whole configuration there for dynamic providers.
   */
  async encrypted(values: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    const pairs = Object.entries(values).flatMap(([name, value]) => ["--secret", `okd-aws:encrypted.${name}=${value}`]);
    succeeded("config set-all", await this.pulumi("config", "set-all", "--path", ...pairs));
    const { config } = load(readFileSync(join(this.directory, "Pulumi.test.yaml"), "utf8")) as {
      config: Record<string, Record<string, unknown>>;
    };
    const all = config["okd-aws:encrypted"];
    return Object.fromEntries(Object.keys(values).map((name) => [name, all[name]]));
  }

  /** @throws Error with the Pulumi engine's output if the update fails */
  async up(): Promise<ProjectResult> {
    return succeeded("up", await this.pulumi("up", "--yes", "--skip-preview"));
  }

  /** The changes that the next update would make. @throws Error with the Pulumi engine's output if the preview fails */
  async preview(): Promise<Change[]> {
    const { output } = succeeded("preview", await this.pulumi("preview", "--json"));
    return changesOf(output);
  }

  /** @throws Error with the Pulumi engine's output if the destroy fails */
  async destroy(): Promise<ProjectResult> {
    return succeeded("destroy", await this.pulumi("destroy", "--yes", "--skip-preview"));
  }

  /** The stack's outputs, including secrets. */
  async outputs(): Promise<Record<string, unknown>> {
    const { output } = succeeded("stack output", await this.pulumi("stack", "output", "--json", "--show-secrets"));
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** The state as it is stored, with encrypted secrets. */
  async state(): Promise<string> {
    return succeeded("stack export", await this.pulumi("stack", "export")).output;
  }

  /**
   * Runs a Pulumi command, and does not throw if it fails. `output` is standard output; after a failure it also contains standard error.
   */
  pulumi(...args: readonly string[]): Promise<ProjectResult> {
    const start = Date.now();
    const child = spawn("pulumi", [...args, "--stack", "test", "--non-interactive"], {
      cwd: this.directory,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => (said[name] += text));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code, output: code === 0 ? said.stdout : said.stdout + said.stderr, seconds: (Date.now() - start) / 1000 });
      });
    });
  }

  /** The API path of an object, such as `ConfigMap openshift-config/logo`. Without a namespace the object is cluster-wide. */
  async pathOf(apiVersion: string, kind: string, name: string, namespace?: string): Promise<string> {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { resources } = (await this.api.must("GET", base)) as { resources: { kind: string; name: string; namespaced: boolean }[] };
    const resource = resources.find((each) => each.kind === kind && !each.name.includes("/"));
    if (resource === undefined) throw new Error(`the API server has no kind ${kind} in ${apiVersion}`);
    return `${base}${resource.namespaced ? `/namespaces/${namespace ?? "default"}` : ""}/${resource.name}/${name}`;
  }

  /** An object of the cluster; undefined if it is missing. */
  async read(apiVersion: string, kind: string, name: string, namespace?: string): Promise<KubeObject | undefined> {
    const { status, body } = await this.api.call("GET", await this.pathOf(apiVersion, kind, name, namespace));
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`${kind} ${name}: ${status} ${JSON.stringify(body)}`);
    return body as unknown as KubeObject;
  }

  /** Creates objects that exist before the program runs, such as singletons, with their status. */
  async seed(...objects: readonly ApiObject[]): Promise<void> {
    for (const object of objects) {
      const { apiVersion, kind, metadata } = object;
      const path = await this.pathOf(apiVersion, kind, metadata.name, metadata.namespace);
      const made = await this.api.must("POST", path.slice(0, path.lastIndexOf("/")), object);
      if (object.status !== undefined) await this.api.call("PUT", `${path}/status`, { ...made, status: object.status });
    }
  }

  /** Makes the API server unreachable for the program: its port refuses connections, like the port of a dead server. */
  async killApi(): Promise<void> {
    await this.relay?.close();
    this.relay = undefined;
  }

  async remove(): Promise<void> {
    await this.killApi();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** @returns the kubeconfig with which the program reaches the API server */
  private async openServer(): Promise<string> {
    this.server = await sharedServer();
    this.relay = await Relay.open(this.api.port);
    await Promise.all(namespaces.map((name) => this.api.must("POST", "/api/v1/namespaces", { metadata: { name } })));
    return this.api.adminKubeconfig(`https://127.0.0.1:${this.relay.port}`);
  }

  private async writeProject(): Promise<void> {
    const toolchain = await ensureToolchain(engineTools);
    const { directory } = this;
    const home = join(directory, "home");
    mkdirSync(join(directory, "state"));
    this.environment = {
      ...cleanEnvironment(process.env),
      ...toolchain.environment,
      PATH: `${linkTools(toolchain, directory, home)}:${toolchain.path.join(":")}:${process.env.PATH ?? ""}`,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${join(directory, "state")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_ERROR_OUTPUT_STRING: "true",
    };
    // The directory has only the packages that the programs use, because the Pulumi engine starts the plugin of every package that it finds.
    mkdirSync(join(directory, "node_modules/@pulumi"), { recursive: true });
    for (const name of ["pulumi", "kubernetes", "aws", "command"])
      symlinkSync(join(projectDirectory, "node_modules/@pulumi", name), join(directory, "node_modules/@pulumi", name));
    // Files from which the program's own commands start.
    for (const name of ["steps", "tsconfig.json", "node_modules/ts-node", "node_modules/@swc"])
      symlinkSync(join(projectDirectory, name), join(directory, name));
    const dependencies = { "@pulumi/pulumi": "*", "@pulumi/kubernetes": "*" };
    writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "platform-project", main: "index.js", dependencies }));
    const declared = load(readFileSync(join(projectDirectory, "Pulumi.yaml"), "utf8")) as { config: object };
    const runtime = { name: "nodejs", options: { typescript: false } };
    writeFileSync(join(directory, "Pulumi.yaml"), dump({ name: "okd-aws", runtime, main: "index.js", config: declared.config }));
    succeeded("stack init", await this.pulumi("stack", "init"));
  }
}

/** Gives bundled modules the `__dirname` of their source, so that they find their scripts there. */
const ownDirectories: Plugin = {
  name: "own-directories",
  setup(builder) {
    builder.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll(/\b__dirname\b/g, JSON.stringify(dirname(path))),
      loader: "ts",
    }));
  },
};

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

function changesOf(json: string): Change[] {
  const { steps } = JSON.parse(json) as { steps: Step[] };
  return steps.flatMap(({ op, urn, detailedDiff }) => {
    if (!["create", "update", "replace", "delete"].includes(op)) return [];
    const fields = op === "update" || op === "replace" ? Object.keys(detailedDiff ?? {}) : [];
    return [{ op: op as Change["op"], name: urn.split("::").at(-1) ?? "", fields: fields.sort() }];
  });
}

function succeeded(what: string, ended: ProjectResult): ProjectResult {
  if (ended.code !== 0) throw new Error(`${what}: ${ended.output}`);
  return ended;
}
