import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "@okd-aws/sandbox";
import { ApiError, credentialsDefinitions, installAggregatedGroups } from "@okd-aws/sandbox/cluster/api-server";
import { tokenReviewConfig } from "@okd-aws/sandbox/cluster/authentication";
import { freePort } from "@okd-aws/sandbox/free-port";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { publishDefinitions } from "./definitions/installed";
import { EtcdContent } from "./etcd-content";
import { KubeApi } from "./kube-api";
import { type KubeAccess, KubeClient } from "./kube-client";

/** Contains a directory for each jest worker, named by its process ID. The logs stay until the next run. */
const directories = join(projectDirectory, ".sandbox", "test", "api-servers");
const directory = join(directories, String(process.pid));

/** Tells the worker's next test file where the server is: jest loads this module again for each test file. */
const startedFile = join(directory, "started.json");

interface Started {
  readonly administrator: KubeAccess;
  readonly etcdPort: number;
  readonly tokenReviewPort: number;
  /** The revision of etcd at which the server had only OpenShift's kinds. */
  readonly revision: string;
}

export interface SharedServer {
  readonly api: KubeClient;
  /** Loopback port to which the server sends the review of an unknown token. Nothing listens there unless a test does. */
  readonly tokenReviewPort: number;
}

/**
 * A real API server with OpenShift's kinds, without operators. The test files of a jest worker run one after the other and share it: a start
 * takes about 7 s, restoring the content less than one. Each test file finds only the objects that Kubernetes creates itself. The server ends with
 * the worker.
 */
export async function sharedServer(): Promise<SharedServer> {
  const { administrator, etcdPort, tokenReviewPort, revision } = (await running()) ?? (await start());
  await new EtcdContent(etcdPort).restore(revision);
  return { api: new KubeClient(administrator), tokenReviewPort };
}

/** The server that an earlier test file of this worker started; undefined if there is no such server, or if it has ended. */
async function running(): Promise<Started | undefined> {
  if (!existsSync(startedFile)) return undefined;
  const started = JSON.parse(readFileSync(startedFile, "utf8")) as Started;
  const ready = await new KubeClient(started.administrator).call("GET", "/readyz").catch(() => undefined);
  return ready?.status === 200 ? started : undefined;
}

async function start(): Promise<Started> {
  const { tools } = await ensureToolchain(["etcd", "kube-apiserver", "kube-controller-manager", "openshift-definitions"]);
  removeEnded();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const tokenReviewPort = await freePort();
  const tokenReviews = join(directory, "token-review.json");
  writeFileSync(tokenReviews, tokenReviewConfig(tokenReviewPort), { mode: 0o600 });
  const api = await KubeApi.start({
    directory,
    tools,
    name: "api.demo.okd.example.com",
    serverArguments: [
      "--etcd-compaction-interval=0",
      `--authentication-token-webhook-config-file=${tokenReviews}`,
      "--authentication-token-webhook-version=v1",
      "--authentication-token-webhook-cache-ttl=1s",
    ],
    // The Kubernetes plugin deletes in the foreground, and the garbage collector completes such a deletion.
    controllers: ["garbage-collector-controller", "namespace-controller"],
    prepare: (server) => openshiftKinds(server, tools["openshift-definitions"]),
  });
  api.release();
  const { administrator, etcdPort } = api;
  const started: Started = { administrator, etcdPort, tokenReviewPort, revision: await new EtcdContent(etcdPort).settled() };
  writeFileSync(startedFile, JSON.stringify(started), { mode: 0o600 });
  return started;
}

/** Removes the directories of workers that have ended, and this worker's directory if its server has ended. */
function removeEnded(): void {
  if (!existsSync(directories)) return;
  const ended = readdirSync(directories).filter((pid) => pid === String(process.pid) || !existsSync(join("/proc", pid)));
  for (const pid of ended) rmSync(join(directories, pid), { recursive: true, force: true, maxRetries: 3 });
}

async function openshiftKinds(server: KubeClient, definitions: string): Promise<void> {
  await installAggregatedGroups({
    send: async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const answer = await server.call(method, path, body);
      if (answer.status >= 400) throw new ApiError(answer.status, JSON.stringify(answer.body));
      return answer.body as T;
    },
  });
  await publishDefinitions(server, credentialsDefinitions);
  await publishDefinitions(server, definitions);
}
