/** The update that the program requests of a running cluster when the configuration names another release. */
import { parseStoredRelease, storedReleaseText } from "../../../../steps/release/stored-release";
import { type ClusterVersion, desiredUpdate, type DesiredUpdate } from "../../../../steps/release/request";

const imageOf = (version: string) => `quay.io/okd/scos-release@sha256:${version}`;
const risk = { type: "Recommended", status: "False", reason: "SlowDisks", message: "Disks of type gp2 stall. https://example.com/1" };
const offer = (version: string) => ({ version, image: imageOf(version) });
const cluster: ClusterVersion = {
  spec: { channel: "stable-4.19" },
  status: {
    desired: offer("4.19.3"),
    availableUpdates: [offer("4.19.4")],
    conditionalUpdates: [
      { release: offer("4.19.5"), conditions: [risk] },
      { release: offer("4.19.6"), conditions: [{ type: "Recommended", status: "True" }] },
      { release: offer("4.19.7") },
    ],
    conditions: [{ type: "RetrievedUpdates", status: "True" }],
  },
};
const before = { version: "4.19.3", force: false };
const release = (version: string, more: { image?: string; force?: boolean; acceptRisks?: boolean } = {}) => ({
  version,
  force: false,
  acceptRisks: false,
  ...more,
});
const wanting = (wanted: DesiredUpdate & { architecture?: string }, desired = "4.19.3"): ClusterVersion => ({
  spec: { ...cluster.spec, desiredUpdate: wanted },
  status: { ...cluster.status, desired: offer(desired) },
});
const plain = (version: string) => ({ version, image: imageOf(version), force: false });

test("an offered release is requested once, with its image", () => {
  expect(desiredUpdate(release("4.19.4"), before, cluster)).toEqual(plain("4.19.4"));
  expect(desiredUpdate(release("4.19.4"), before, wanting(plain("4.19.4")))).toBeUndefined();
  expect(desiredUpdate(release("4.19.3"), { ...before, version: "4.19.4" }, cluster)).toBeUndefined();
});

test.each([
  ["another image", { ...plain("4.19.4"), image: "registry.example.com/other" }],
  ["force", { ...plain("4.19.4"), force: true }],
  ["an architecture", { ...plain("4.19.4"), architecture: "Multi" }],
  ["no image", { version: "4.19.4", force: false }],
])("if somebody has requested the same version with %s, the program sets all fields of the request", (_, set) => {
  expect(desiredUpdate(release("4.19.4"), before, wanting(set))).toEqual(plain("4.19.4"));
});

test("an update that the cluster has not begun is withdrawn when the configuration names the running release again", () => {
  const going = { version: "4.19.4", force: false };
  expect(desiredUpdate(release("4.19.3"), going, wanting(plain("4.19.4")))).toBeNull();
  expect(desiredUpdate(release("4.19.3"), going, wanting({ version: "", image: imageOf("4.19.4"), force: false }))).toBeNull();
  expect(desiredUpdate(release("4.19.3"), going, wanting(plain("4.19.3")))).toBeUndefined();
});

test("a release that is not offered is refused, unless it is forced with its image", () => {
  const wanted = release("4.20.0", { image: "registry.example.com/release@sha256:0", force: true });
  expect(desiredUpdate(wanted, before, cluster)).toEqual({ version: "4.20.0", image: wanted.image, force: true });
  expect(() => desiredUpdate({ ...wanted, force: false }, before, cluster)).toThrow(
    "The cluster runs 4.19.3 and isn't offered 4.20.0 (channel stable-4.19). It is offered: 4.19.4; conditionally: 4.19.5, 4.19.6, 4.19.7.",
  );
  const silent = {
    ...cluster.status,
    availableUpdates: null,
    conditionalUpdates: null,
    conditions: [{ type: "RetrievedUpdates", status: "False", message: "no route" }],
  };
  expect(() => desiredUpdate({ ...wanted, force: false }, before, { status: silent })).toThrow(
    "(it has no channel). It could not retrieve the updates: no route. It is offered: nothing;",
  );
});

describe("an update with risks", () => {
  const refusal =
    "The cluster is offered 4.19.5, but the update isn't recommended for it: SlowDisks: Disks of type gp2 stall. https://example.com/1. " +
    "Set release to another version or back to the current one, or set acceptUpdateRisks to true.";

  test("is refused with the risks, even if it is forced, unless they are accepted", () => {
    expect(() => desiredUpdate(release("4.19.5"), before, cluster)).toThrow(refusal);
    expect(() => desiredUpdate(release("4.19.5", { image: "x", force: true }), before, cluster)).toThrow(refusal);
    expect(desiredUpdate(release("4.19.5", { acceptRisks: true }), before, cluster)).toEqual(plain("4.19.5"));
  });

  test("is refused if the cluster gives no list of risks; a recommended update is not refused", () => {
    expect(() => desiredUpdate(release("4.19.7"), before, cluster)).toThrow("isn't recommended for it: the cluster gives no reason. Set");
    expect(desiredUpdate(release("4.19.6"), before, cluster)).toEqual(plain("4.19.6"));
  });
});

describe("a request for the same release", () => {
  const forced = { version: "4.19.4", image: "registry.example.com/release@sha256:4", force: true };
  const { image, force } = forced;

  test("sets force after the cluster has refused the update, but not if somebody has removed it", () => {
    const refused = { version: "4.19.4", force: false };
    expect(desiredUpdate(release("4.19.4", { image, force }), refused, wanting(plain("4.19.4")))).toEqual(forced);
    expect(desiredUpdate(release("4.19.4", { image, force }), refused, cluster)).toBeUndefined();
    expect(desiredUpdate(release("4.19.4", { image, force }), refused, wanting(forced))).toBeUndefined();
  });

  test("sets a new image while the update is requested, but not if somebody has updated the cluster since", () => {
    const moved = release("4.19.4", { image: "registry.example.com/moved@sha256:4", force });
    expect(desiredUpdate(moved, forced, wanting(forced))).toEqual({ ...forced, image: moved.image });
    expect(desiredUpdate(moved, forced, wanting(plain("4.19.6"), "4.19.6"))).toBeUndefined();
    expect(desiredUpdate(release("4.19.4"), forced, wanting(plain("4.19.6"), "4.19.6"))).toBeUndefined();
  });

  test("is compared with the stored release, also in the earlier form that has only the version", () => {
    const text = storedReleaseText(release("4.19.4", { image, force, acceptRisks: true }));
    expect(parseStoredRelease(text, release("4.20.0"))).toEqual(forced);
    expect(parseStoredRelease("4.19.3", release("4.20.0", { image, force }))).toEqual({ version: "4.19.3", image, force });
  });
});
