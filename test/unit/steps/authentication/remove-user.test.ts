import { removeUser, type UserClient } from "../../../../steps/authentication/remove-user";
import { stoppedClock } from "../../lib/stopped-clock";

const secrets = "/api/v1/namespaces/openshift-authentication/secrets";
const operatorPath = "/apis/config.openshift.io/v1/clusteroperators/authentication";
const deploymentPath = "/apis/apps/v1/namespaces/openshift-authentication/deployments/oauth-openshift";
const users = "/apis/user.openshift.io/v1";
const tokens = "/apis/oauth.openshift.io/v1/oauthaccesstokens";

/** The state of the cluster at one moment. */
interface Moment {
  readonly filed?: boolean;
  readonly progressing?: boolean;
  /** The OAuth servers' Deployment; undefined if the cluster has none. */
  readonly deployment?: { generation?: number; observed?: number; updated?: number; replicas?: number };
}

/** A cluster that changes over time. `moments` are its states: each observation sees the next one, and all later observations see the last one. */
class Cluster {
  readonly deleted: string[] = [];
  /** Number of logins that happen after the removal has begun. Each login creates an identity and a token. */
  comesBack = 0;
  private present = new Set([`${users}/identities/htpasswd.bert`, `${users}/users/bert`, `${tokens}/sha256~1`]);
  observations = 0;
  private moment: Moment = {};

  constructor(private readonly moments: readonly Moment[]) {}

  readonly client = {
    list: (path: string) => Promise.resolve(this.items(path)),
    get: (path: string) => Promise.resolve(this.object(path)),
    send: () => Promise.reject(new Error("nothing is to be written")),
    delete: (path: string) => {
      this.deleted.push(path.split("/").slice(-2).join("/"));
      this.present.delete(path);
      if (path.includes("/identities/") && this.comesBack-- > 0)
        for (const again of [`${users}/identities/htpasswd.bert`, `${users}/users/bert`, `${tokens}/sha256~2`]) this.present.add(again);
      return Promise.resolve();
    },
  } as unknown as UserClient;

  private items(path: string): object[] {
    if (path === secrets) {
      // A list of the secrets begins an observation.
      this.moment = this.moments[Math.min(this.observations++, this.moments.length - 1)];
      const htpasswd = Buffer.from(this.moment.filed === true ? "anna:x\nbert:x\n" : "anna:x\n").toString("base64");
      return [{ metadata: { name: "v4-0-config-user-idp-0-file-data" }, data: { htpasswd } }];
    }
    return [...this.present]
      .filter((each) => each.startsWith(`${path}/`))
      .map((each) => ({
        metadata: { name: each.split("/").at(-1) },
        providerName: "htpasswd",
        providerUserName: "bert",
        user: { name: "bert" },
        userName: "bert",
      }));
  }

  private object(path: string): object | undefined {
    const { progressing = false, deployment } = this.moment;
    if (path === operatorPath) return { status: { conditions: [{ type: "Progressing", status: progressing ? "True" : "False" }] } };
    if (path === deploymentPath) {
      const { generation = 2, observed = generation, updated = 3, replicas = 3 } = deployment ?? {};
      return (
        deployment && {
          metadata: { generation },
          spec: { replicas: 3 },
          status: { observedGeneration: observed, updatedReplicas: updated, replicas },
        }
      );
    }
    return this.present.has(path) ? { metadata: { name: "bert" }, identities: ["htpasswd:bert"] } : undefined;
  }
}

const removal = { provider: "htpasswd", user: "bert" };
const everything = ["oauthaccesstokens/sha256~1", "users/bert", "identities/htpasswd.bert"];

test("a user is removed at once if no OAuth server has started yet", async () => {
  const cluster = new Cluster([{ filed: true }, {}]);
  await removeUser(removal, cluster.client, stoppedClock());
  expect(cluster.observations).toBe(2);
  expect(cluster.deleted).toEqual(everything);
});

test.each([
  ["the operator, which begins a sync after it has copied the file", { progressing: true, deployment: {} }],
  ["a deployment whose change was not observed yet", { deployment: { generation: 3, observed: 2 } }],
  ["a deployment with servers that are not updated yet", { deployment: { updated: 1 } }],
  ["a deployment with old servers that have not ended yet", { deployment: { replicas: 4 } }],
])("the removal of a user waits for %s, and then for 30 seconds without a change", async (_, busy) => {
  const calm = { deployment: {} };
  const cluster = new Cluster([{ filed: true, ...calm }, calm, calm, busy, busy, calm]);
  const clock = stoppedClock();
  const start = clock.now();
  await removeUser(removal, cluster.client, clock);
  // Five observations, two seconds apart, see a rollout or the old file. The quiet time begins with the first observation after them.
  expect(clock.now() - start).toBe(5 * 2000 + 30_000);
  expect(cluster.deleted).toEqual(everything);
});

test("the removal of a user also deletes the objects that a login created meanwhile", async () => {
  const cluster = new Cluster([{ deployment: {} }]);
  cluster.comesBack = 1;
  await removeUser(removal, cluster.client, stoppedClock());
  expect(cluster.deleted).toEqual([...everything, "oauthaccesstokens/sha256~2", "users/bert", "identities/htpasswd.bert"]);
});

test("the removal of a user fails if the user logs in again and again, or if the rollout does not end", async () => {
  const open = new Cluster([{ deployment: {} }]);
  open.comesBack = 100;
  await expect(removeUser(removal, open.client, stoppedClock())).rejects.toThrow(/^bert of htpasswd logs in again and again/);
  const stuck = new Cluster([{ deployment: { updated: 1 } }]);
  await expect(removeUser(removal, stuck.client, stoppedClock())).rejects.toThrow(
    /^the OAuth servers may still accept bert after 600 s: the servers are being replaced.*cluster operator authentication$/,
  );
  expect(stuck.deleted).toEqual([]);
});
