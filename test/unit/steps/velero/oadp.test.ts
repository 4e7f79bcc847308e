/** The wait for OADP: its refusals, and the pod of the server. */
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
const deployment = (availableReplicas: number) => ({ metadata: { name: "velero" }, status: { availableReplicas } });

test("ends when the operator has accepted the object and the server runs", async () => {
  await expect(wait({ [application]: reconciled("True", "Reconcile complete"), [server]: deployment(1) })).resolves.toBeUndefined();
});

test.each<[string, Readonly<Record<string, FakeObject>>, string]>([
  [
    "the operator's reason",
    { [application]: reconciled("False", "only one DPA CR can exist per OADP installation namespace"), [server]: deployment(1) },
    "OADP refuses the DataProtectionApplication: only one DPA CR",
  ],
  ["the missing pod", { [application]: reconciled("True", ""), [server]: deployment(0) }, "whose pod is not available yet"],
  ["the silent operator", { [application]: { metadata: { name: "okd-aws" } } }, "OADP has not looked at"],
])("fails with %s after a quarter of an hour", async (_, objects, message) => {
  await expect(wait(objects)).rejects.toThrow(message);
});
