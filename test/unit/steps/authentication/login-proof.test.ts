import { loggedIn } from "../../../../steps/authentication/access";
import { loginProof, type ProofClient } from "../../../../steps/authentication/login-proof";
import { servedSince } from "../../../../steps/authentication/served-settings";

const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 0, 1, 0, minute, second)).toISOString().replace(".000Z", "Z");
const ms = (minute: number, second = 0) => Date.parse(at(minute, second));

interface ClusterAnswers {
  /** The times at which somebody last changed the OAuth object's spec (`oauth`) and the identity provider's Secret (`secret`). */
  readonly oauth?: string;
  readonly secret?: string;
  readonly rollout?: { readonly progressing: string; readonly since: string };
  /** The times at which carol's tokens were created. */
  readonly tokens?: readonly string[];
  readonly allowed?: boolean;
}

function client({ oauth = at(10), secret = at(0), rollout, tokens = [], allowed = true }: ClusterAnswers): ProofClient {
  const changed = (...times: readonly string[]) => ({
    managedFields: times.map((time, index) => ({ time, manager: `m${index}` })),
  });
  const provider = {
    name: "github",
    type: "GitHub",
    github: { clientID: "x", clientSecret: { name: "github-client-secret" }, ca: { name: "github-ca" } },
  };
  const objects: Readonly<Record<string, object | undefined>> = {
    "/apis/config.openshift.io/v1/oauths/cluster": {
      metadata: { name: "cluster", managedFields: [{ time: oauth }, { time: at(50), subresource: "status" }] },
      spec: { identityProviders: [provider] },
    },
    "/api/v1/namespaces/openshift-config/secrets/github-client-secret": {
      metadata: { name: "github-client-secret", ...changed(at(0), secret) },
    },
    "/api/v1/namespaces/openshift-config/configmaps/github-ca": { metadata: { name: "github-ca", ...changed(at(1)) } },
    "/apis/config.openshift.io/v1/clusteroperators/authentication": rollout && {
      status: {
        conditions: [
          { type: "Available", status: "True", lastTransitionTime: at(49) },
          { type: "Progressing", status: rollout.progressing, lastTransitionTime: rollout.since },
        ],
      },
    },
  };
  const lists: Readonly<Record<string, readonly object[]>> = {
    "/apis/user.openshift.io/v1/identities": [
      { metadata: { name: "github.carol" }, providerName: "github", providerUserName: "carol", user: { name: "carol", uid: "1" } },
    ],
    "/apis/oauth.openshift.io/v1/oauthaccesstokens": tokens.map((creationTimestamp, index) => ({
      metadata: { name: `sha256~${index}`, creationTimestamp },
      userName: "carol",
      userUID: "1",
      scopes: ["user:full"],
    })),
    "/apis/user.openshift.io/v1/groups": [],
  };
  return {
    get: (path: string) => Promise.resolve(objects[path]),
    list: (path: string) => Promise.resolve(lists[path]),
    send: () => Promise.resolve({ status: { allowed } }),
  } as unknown as ProofClient;
}

const done = (since: string) => ({ progressing: "False", since });

describe("the current settings of the identity providers", () => {
  test.each<[string, ClusterAnswers, number, object]>([
    ["since the end of the rollout", { rollout: done(at(13)) }, ms(20), { since: ms(13) }],
    [
      "at no known time if the operator reports none",
      {},
      ms(20),
      { why: "the cluster operator authentication doesn't report since when the settings are in use" },
    ],
    [
      "not yet while they are being rolled out",
      { rollout: { progressing: "True", since: at(11) } },
      ms(12),
      { why: "the settings are being rolled out" },
    ],
    ["not yet before a rollout has begun", { rollout: done(at(5)) }, ms(11), { why: "the settings are being rolled out" }],
    [
      "not yet before the rollout of a secret has begun",
      { secret: at(30), rollout: done(at(13)) },
      ms(31),
      { why: "the settings are being rolled out" },
    ],
    ["ten minutes after a change without a rollout", { rollout: done(at(5)) }, ms(21), { since: ms(20) }],
  ])("are in use %s", async (_, cluster, now, expected) => {
    expect(await servedSince(client(cluster), now)).toEqual(expected);
  });
});

describe("an administrator's login proves that kubeadmin can be removed", () => {
  const proof = (cluster: ClusterAnswers, now = ms(20)) => loginProof(client(cluster), ["github"], now);

  test("if it is later than the end of the rollout", async () => {
    expect(await proof({ rollout: done(at(13)), tokens: [at(9), at(13, 1)] })).toEqual({
      who: "carol of github is logged in, and may do everything",
    });
  });

  test.each<[string, ClusterAnswers, string]>([
    ["made before the change", { rollout: done(at(13)), tokens: [at(9)] }, `served since ${at(13)}; logged in before: carol`],
    [
      "made in the second in which the rollout ended",
      { rollout: done(at(13)), tokens: [at(13)] },
      `served since ${at(13)}; logged in before: carol`,
    ],
    [
      "made while the change was being rolled out",
      { rollout: { progressing: "True", since: at(11) }, tokens: [at(12)] },
      "the settings are being rolled out; logged in before: carol",
    ],
    [
      "made by a user without all permissions",
      { rollout: done(at(13)), tokens: [at(14)], allowed: false },
      `served since ${at(13)}; logged in: carol`,
    ],
  ])("but not if it was %s", async (_, world, because) => {
    expect(await proof(world)).toEqual({
      why: `no administrator of github has logged in with the current settings (${because})`,
      loggedInBefore: because.includes("before"),
    });
  });
});

test("a user's login time is that of the user's last token, so that a later login is recognized", async () => {
  expect(await loggedIn(client({ tokens: [at(14), at(16), at(15)] }), ["github"])).toEqual([
    { user: "carol", provider: "github", since: ms(16) },
  ]);
});
