/** The wait until OADP has accepted its object and Velero's server runs. */
import { waitForOadp } from "../../../../steps/velero/oadp";
import { stoppedClock } from "../../lib/stopped-clock";
import { FakeVelero, type FakeObject } from "./fake-velero";

const application = "/apis/oadp.openshift.io/v1alpha1/namespaces/openshift-adp/dataprotectionapplications/okd-aws";
const server = "/apis/apps/v1/namespaces/openshift-adp/deployments/velero";
const reconciled = (status: string, message: string) => ({
  metadata: { name: "okd-aws" },
  status: { conditions: [{ type: "Reconciled", status, message }] },
});
const wait = (objects: Readonly<Record<string, FakeObject>>) =>
  waitForOadp(
    { name: "okd-aws", namespace: "openshift-adp" },
    { client: new FakeVelero(objects).client, say: () => undefined, clock: stoppedClock() },
  );
const deployment = (availableReplicas: number, more = {}) => ({
  metadata: { name: "velero", generation: 2 },
  status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas, ...more },
});

test("the wait for OADP ends when the operator has accepted the object and Velero's server runs", async () => {
  await expect(wait({ [application]: reconciled("True", "Reconcile complete"), [server]: deployment(1) })).resolves.toBeUndefined();
});

test.each<[string, Readonly<Record<string, FakeObject>>, string]>([
  [
    "the operator's reason",
    { [application]: reconciled("False", "only one DPA CR can exist per OADP installation namespace"), [server]: deployment(1) },
    "OADP refuses the DataProtectionApplication: only one DPA CR",
  ],
  ["the missing pod", { [application]: reconciled("True", ""), [server]: deployment(0) }, "whose pod is not available yet"],
  [
    "the pod of an older Deployment",
    { [application]: reconciled("True", ""), [server]: deployment(1, { observedGeneration: 1 }) },
    "whose pod is not available yet",
  ],
  [
    "the old pod beside the new one",
    { [application]: reconciled("True", ""), [server]: deployment(1, { replicas: 2 }) },
    "whose pod is not available yet",
  ],
  ["the silent operator", { [application]: { metadata: { name: "okd-aws" } } }, "OADP has not looked at"],
])("the wait for OADP fails with %s after 15 minutes", async (_, objects, message) => {
  await expect(wait(objects)).rejects.toThrow(message);
});

test("the wait for OADP continues after a refusal that ends by itself", async () => {
  const velero = new FakeVelero({ [application]: reconciled("False", 'Secret "cloud-credentials" not found'), [server]: deployment(1) });
  const clock = stoppedClock();
  const said: string[] = [];
  const pause = async (milliseconds: number) => {
    velero.objects.set(application, reconciled("True", "Reconcile complete"));
    await clock.pause(milliseconds);
  };
  await waitForOadp(
    { name: "okd-aws", namespace: "openshift-adp" },
    { client: velero.client, say: (text) => said.push(text), clock: { ...clock, pause } },
  );
  expect(said).toEqual(['OADP refuses the DataProtectionApplication: Secret "cloud-credentials" not found']);
});
