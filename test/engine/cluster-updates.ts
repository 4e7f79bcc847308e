import type { KnownRelease } from "@okd-aws/sandbox/cluster/updates";
import type { PlatformProject } from "./platform-project";
import { SimulatedUpdates } from "./simulated-updates";

const digest = (digits: string) => `sha256:${digits.repeat(64 / digits.length)}`;
const first = "4.19.0-okd-scos.1";
const second = "4.19.0-okd-scos.2";
const next = "4.20.0-okd-scos.1";
const beyond = "4.21.0-okd-scos.1";
const gate = "ack-4.19-admissionregistration-v1beta1-api-removals-in-4.20";
const fromQuay = `quay.io/okd/scos-release@${digest("22")}`;

/** Releases as OKD's update service offers them, from the registry of the CI. Here the patch release has no signature. */
const releases: readonly KnownRelease[] = [
  { version: first, image: `quay.io/okd/scos-release:${first}`, signed: false },
  { version: second, image: `registry.ci.openshift.org/origin/release-scos@${digest("c2")}`, signed: false, offeredFrom: [first] },
  { version: second, image: fromQuay, signed: false },
  { version: next, image: `registry.ci.openshift.org/origin/release-scos@${digest("c3")}`, signed: true, offeredFrom: [second] },
  { version: beyond, image: `quay.io/okd/scos-release@${digest("44")}`, signed: false },
];

/** A release whose roles exist, as the program declares it for a cluster in manual mode. */
const withRoles = `
  import { ClusterSettings } from "./components/cluster/cluster-settings";
  import { Release } from "./components/cluster/release";
  new ClusterSettings("cluster-settings", { api, settings: platform.settings });
  const credentials = "[default]\\nrole_arn = arn:aws:iam::123456789012:role/demo-x7k2p-new-role\\n";
  const secrets = pulumi.output([{ namespace: "openshift-new-component", name: "cloud-credentials", credentials }]);
  const request = platform.settings.updates.release;
  const release = new Release("release", { api, release: request, roles: { secrets, roles: [] } });
  export const checked = release.checkInPreview();
`;

const clusterVersion = ["config.openshift.io/v1", "ClusterVersion", "version"] as const;
const acks = ["v1", "ConfigMap", "admin-acks", "openshift-config"] as const;
const cloudCredential = ["operator.openshift.io/v1", "CloudCredential", "cluster"] as const;

/** Tests an update of the release, with the simulated operators on a real API server. */
export function describeUpdates(standing: () => PlatformProject): void {
  describe("an update to another release", () => {
    let updates: SimulatedUpdates;

    beforeAll(async () => {
      await standing().seed({
        apiVersion: cloudCredential[0],
        kind: cloudCredential[1],
        metadata: { name: "cluster" },
        spec: { managementState: "Managed", credentialsMode: "Manual" },
      });
      updates = new SimulatedUpdates(standing(), releases);
      await updates.completed(first);
      configure({});
      await standing().up();
    });

    afterAll(async () => {
      await (updates as SimulatedUpdates | undefined)?.stop();
    });

    const configure = (keys: Readonly<Record<string, unknown>>) => {
      standing().configure({ updateChannel: "stable-scos-4", ...keys });
    };
    const refusal = async (keys: Readonly<Record<string, unknown>>): Promise<string> => {
      configure(keys);
      return standing()
        .up()
        .then(
          () => "",
          (error: unknown) => String(error),
        );
    };

    const skips = `${beyond} skips at least one minor version: the cluster runs ${first}.`;

    it("is refused if the update service does not offer the release; the error lists the offered releases and every other problem", async () => {
      const refused = await refusal({ release: beyond });
      expect(refused).toContain(`isn't offered ${beyond}`);
      expect(refused).toContain(`It is offered: ${second};`);
      expect(refused).toContain(skips);
      expect(await standing().read(...clusterVersion)).not.toHaveProperty("spec.desiredUpdate");
    });

    it("is refused if it skips a minor version, even with forceUpdate", async () => {
      const image = `quay.io/okd/scos-release@${digest("44")}`;
      expect(await refusal({ release: beyond, releaseImage: image, forceUpdate: true })).toContain(skips);
      expect(await standing().read(...clusterVersion)).not.toHaveProperty("spec.desiredUpdate");
    });

    it("fails with the cluster's words and the fix if the cluster cannot verify the image, and withdraws the request", async () => {
      const refused = await refusal({ release: second });
      expect(refused).toContain(`The cluster does not accept the update to ${second}.`);
      expect(refused).toContain("ReleaseAccepted=False: RetrievePayload: Retrieving payload failed");
      expect(refused).toContain("against keyrings: verifier-public-key-ci");
      expect(refused).toContain("The cluster found no valid signature of this image.");
      expect(refused).toContain("pulumi config set forceUpdate true");
      expect(refused).toContain("The request was withdrawn, and the cluster stays as it is.");
      expect(await standing().read(...clusterVersion)).not.toHaveProperty("spec.desiredUpdate");
      configure({ release: first });
      expect(await standing().preview()).toEqual([]);
    });

    it("to a forced image is requested, with only the image's name and force", async () => {
      const keys = { release: second, releaseImage: fromQuay, forceUpdate: true };
      configure(keys);
      expect(await standing().preview()).toEqual([{ op: "update", name: "release", fields: ["create"] }]);
      await standing().up();
      expect(await standing().read(...clusterVersion)).toHaveProperty("spec.desiredUpdate", {
        version: second,
        image: fromQuay,
        force: true,
      });
      expect(await standing().preview()).toEqual([]);
      await updates.completed(second);
      const [entry] = (await updates.clusterVersion()).status?.history ?? [];
      expect(entry).toMatchObject({ version: second, image: fromQuay, verified: false });
      expect(entry.acceptedRisks).toContain("cannot be verified, but continuing anyway because the update was forced");
    });

    it("to another minor version is refused in the preview with all gates at once, and changes nothing", async () => {
      configure({ release: next });
      const { code, output } = await standing().pulumi("preview");
      const refused = await refusal({ release: next });
      expect(code).not.toBe(0);
      for (const text of [output.replace(/\n\s*/g, " "), refused.replace(/\n\s*/g, " ")]) {
        expect(text).toContain(`The gate ${gate} is not acknowledged.`);
        expect(text).toContain(`pulumi config set --path 'acknowledgedUpdateGates[0]' ${gate}`);
        expect(text).toContain("The operator cloud-credential blocks updates from 4.19 to another minor version (Upgradeable=False)");
        expect(text).toContain("MissingUpgradeableAnnotation");
      }
      expect(await standing().read(...clusterVersion)).toHaveProperty("spec.desiredUpdate.version", second);
      expect(await standing().read(...acks)).not.toHaveProperty("data");
      expect(await standing().read(...cloudCredential)).not.toHaveProperty("metadata.annotations");
    });

    it("to another minor version is requested and accepted once its roles exist and its gates are acknowledged", async () => {
      const project = standing();
      await project.program(withRoles);
      configure({ release: next, acknowledgedUpdateGates: [gate] });
      await project.up();
      expect(await project.read("v1", "Secret", "cloud-credentials", "openshift-new-component")).toHaveProperty(
        "data.credentials",
        Buffer.from("[default]\nrole_arn = arn:aws:iam::123456789012:role/demo-x7k2p-new-role\n").toString("base64"),
      );
      expect(await project.read(...acks)).toHaveProperty("data", { [gate]: "true" });
      const { metadata } = (await project.read(...cloudCredential)) ?? {};
      expect(metadata?.annotations).toEqual({ "cloudcredential.openshift.io/upgradeable-to": "4.20" });
      expect((await updates.clusterVersion()).status?.desired?.version).toBe(next);
      expect(await project.preview()).toEqual([]);
      await updates.completed(next);
      expect(updates.log).toContain(`the update to ${next} is accepted`);
    });

    it("to a lower version is refused", async () => {
      expect(await refusal({ release: first, releaseImage: fromQuay, forceUpdate: true })).toContain(
        `${first} is lower than ${next}, the release that the cluster runs.`,
      );
    });
  });
}
