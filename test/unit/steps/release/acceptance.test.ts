/**
 * Tests how long the program waits after the cluster has refused an update, and the error message that follows. Both depend only on the cluster's objects,
 * so the tests need no cluster.
 */
import { notAcceptedMessage } from "../../../../steps/release/acceptance";
import type { UpdateApi } from "../../../../steps/release/cluster-api";
import type { ClusterState } from "../../../../steps/release/cluster-state";
import type { ClusterVersion } from "../../../../steps/release/request";
import { updateRelease } from "../../../../steps/release/update";

const imageOf = (version: string) => `quay.io/openshift-release-dev/ocp-release@sha256:${version}`;
const release = (version: string) => ({ version, image: imageOf(version) });
const running: ClusterState = {
  clusterVersion: { status: { desired: release("4.20.0"), availableUpdates: [release("4.20.5")] } },
  operators: [],
  gates: {},
  acks: {},
  credentials: {},
};

/** An API of a cluster that reports these states of ClusterVersion one after the other and repeats the last one. */
function apiSaying(answers: readonly ClusterVersion[], events: readonly string[] = []) {
  const shown: ClusterVersion[] = [];
  const api = {
    state: () => Promise.resolve(running),
    clusterVersion: () => {
      const next = answers[Math.min(shown.length, answers.length - 1)];
      shown.push(next);
      return Promise.resolve(next);
    },
    setDesiredUpdate: () => Promise.resolve(),
    retrievalEvents: () => Promise.resolve(events.map((message) => ({ message, time: "2026-01-01T00:00:01Z" }))),
  };
  const update = (acceptance: number) =>
    updateRelease(
      api as unknown as UpdateApi,
      { version: "4.20.5", force: false, acceptRisks: false },
      { version: "4.20.0", force: false },
      {
        timeouts: { upgradeable: 1, acceptance, knownRefusal: 1, pause: 0.01 },
      },
    ).then(
      () => "accepted",
      (error: unknown) => String(error),
    );
  return { update, shown };
}

describe("a refusal of an update by the cluster", () => {
  const named = `version="4.20.5" image="${imageOf("4.20.5")}"`;
  const saying = (status: string, reason: string, message: string, at?: string): ClusterVersion => ({
    status: {
      desired: release("4.20.0"),
      conditions: [{ type: "ReleaseAccepted", status, reason, message, ...(at !== undefined && { lastTransitionTime: at }) }],
    },
  });
  const retrieving = (failure: string, at?: string) =>
    saying("False", "RetrievePayload", `Retrieving payload failed ${named} failure=${failure}`, at);
  const accepted: ClusterVersion = { status: { desired: release("4.20.5"), conditions: [] } };
  const unverified = "The update cannot be verified: unable to verify sha256:4.20.5 against keyrings: verifier-public-key-redhat";
  const time = "2026-01-01T00:00:00Z";
  const event = (...answers: string[]) =>
    `Retrieving payload failed ${named} failure=${unverified} // [${answers.map((answer) => `${time}: ${answer}`).join(", ")}]`;
  const notFound = "prefix sha256-4.20.5 in config map signatures-managed: not found";
  const timeOut = 'Get "https://storage.googleapis.com/signature-1": dial tcp 203.0.113.7:443: i/o timeout';

  test.each([
    ["a signature store that does not answer", retrieving(unverified), [event(notFound, timeOut)]],
    ["a store that is asked too late, after the time limit", retrieving(unverified), [event(notFound, "context deadline exceeded")]],
    [
      "a store that is broken",
      retrieving(unverified),
      [event("unable to retrieve signature from https://x/signature-1: response status 503")],
    ],
    ["a signature about which nothing is known", retrieving(unverified), []],
    ["an image that is not pulled in time", retrieving("Unable to download and prepare the update: context deadline exceeded"), []],
    [
      "a precondition that changes",
      saying(
        "False",
        "PreconditionChecks",
        `Preconditions failed for payload loaded ${named}: Precondition "EtcdRecentBackup" failed because of "ControllerStarted"`,
      ),
      [],
    ],
  ])("that may be temporary does not end the wait: %s", async (_, refused, events) => {
    expect(await apiSaying([refused, refused, accepted], events).update(30)).toBe("accepted");
  });

  test.each([
    ["no store has a signature", retrieving(unverified), [event(notFound)], /found no valid signature/],
    [
      "the signature belongs to another image",
      retrieving(unverified),
      [event("signature error: openpgp: signature made by unknown entity")],
      /found no valid signature/,
    ],
    [
      "the image is named by a tag",
      retrieving("The update cannot be verified: release images that are not accessed via digest cannot be verified"),
      [],
      /by their digest/,
    ],
    [
      "the registry has no such image",
      retrieving("Unable to download and prepare the update: ErrImagePull: manifest unknown"),
      [],
      /can't pull the image/,
    ],
    [
      "the node's policy rejects the image",
      retrieving('Unable to download and prepare the update: waiting with reason "SignatureValidationFailed"'),
      [],
      /can't pull the image/,
    ],
    [
      "the image is another release",
      saying("False", "VerifyPayloadVersion", `Verifying payload failed ${named}`),
      [],
      /two different releases/,
    ],
    ["the manifests can't be read", saying("False", "LoadPayload", `Loading payload failed ${named}`), [], /manifests/],
    [
      "a version is skipped",
      saying("False", "PreconditionChecks", `Preconditions failed ${named}: Precondition "ClusterVersionGiantHop" failed`),
      [],
      /what the message asks for/,
    ],
  ])("that is final ends the wait at once: %s", async (_, refused, events, fix) => {
    const { update, shown } = apiSaying([refused, accepted], events);
    expect(await update(30)).toMatch(fix);
    expect(shown).toHaveLength(1);
  });

  test("that may be temporary ends the wait after the time limit, even while the cluster tries again", async () => {
    const retrying = saying("Unknown", "RetrievePayload", `Retrieving and verifying payload ${named}`);
    const text = await apiSaying([retrieving(unverified), retrying], [event(timeOut)]).update(0.1);
    expect(text).toContain("The cluster does not accept the update to 4.20.5.");
    expect(text).toContain("could not fetch the signature");
    expect(text).toContain("i/o timeout");
    expect(text).not.toContain("forceUpdate");
  });

  test("is not explained by an event about another image or an earlier request", async () => {
    const other = event(notFound).replace(imageOf("4.20.5"), imageOf("4.20.9"));
    expect(await apiSaying([retrieving(unverified), accepted], [other]).update(30)).toBe("accepted");
    const later = retrieving(unverified, "2026-01-01T01:00:00Z");
    expect(await apiSaying([later, accepted], [event(notFound)]).update(30)).toBe("accepted");
  });

  test.each([
    ["a time-out", `${unverified}: context deadline exceeded`],
    ["a list of answers", `${unverified} // [${time}: ${notFound}, ${time}: ${timeOut}]`],
    ["another form", "The update cannot be verified: net/http: TLS handshake timeout"],
  ])("is not explained as a missing signature if the condition says that the stores could not be read: %s", (_, failure) => {
    for (const version of ["4.20.5", "4.20.5-okd-scos.1"]) {
      const text = notAcceptedMessage({ version, force: false }, retrieving(failure).status?.conditions?.[0], 60);
      expect(text).toContain("could not fetch the signature");
      expect(text).not.toMatch(/forceUpdate|finds no/);
    }
  });

  test("without details is explained with both possible causes: no answer of a store, or no signature", () => {
    const text = notAcceptedMessage({ version: "4.20.5", force: false }, retrieving(unverified).status?.conditions?.[0], 60);
    expect(text).toMatch(/does not report whether[^]*If a store did not answer[^]*If there is no signature: /);
  });
});
