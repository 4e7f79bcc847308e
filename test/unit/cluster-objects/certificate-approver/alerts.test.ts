/** The cluster's objects that show whether the certificate approver works. */
import { load } from "js-yaml";
import { approverAccount } from "../../../../cluster-objects/certificate-approver/account";
import { approverManifests } from "../../../../ignition/certificate-approver";
import { approverAlerts } from "../../../../cluster-objects/certificate-approver/alerts";
import { approverHeartbeat } from "../../../../cluster-objects/certificate-approver/heartbeat";
import { schemaProblems } from "../../../../cluster-objects/schema/check";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly description: string };
}

const { lease, role, binding } = approverHeartbeat();
const alerts = approverAlerts();
const [{ rules }] = (alerts.spec as { groups: { rules: Rule[] }[] }).groups;
const expressionOf = (name: string) => rules.find(({ alert }) => alert === name)?.expr ?? "";

test("every object of the approver's alerts matches the definition of its kind", () => {
  for (const object of [lease, role, binding, alerts]) expect([object.kind, schemaProblems(object)]).toEqual([object.kind, []]);
});

test("the approver may only patch its own Lease", () => {
  const account = Object.values(approverManifests())
    .map((text) => load(text) as { kind: string; metadata: { name: string; namespace: string } })
    .find(({ kind }) => kind === "ServiceAccount")?.metadata;
  expect(account).toMatchObject(approverAccount);
  expect(lease.metadata).toEqual(approverAccount);
  expect(role.rules).toEqual([
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: [approverAccount.name], verbs: ["patch"] },
  ]);
  expect(binding).toMatchObject({ roleRef: { name: role.metadata.name }, subjects: [{ kind: "ServiceAccount", ...approverAccount }] });
  expect([role.metadata.namespace, binding.metadata.namespace]).toEqual([approverAccount.namespace, approverAccount.namespace]);
  // The program does not declare the fields that the approver writes, because applying the object again would reset them.
  expect(lease).not.toHaveProperty("spec");
});

test("the alerts are in a namespace that the cluster's monitoring reads, and link to the guide", () => {
  expect(alerts.metadata.namespace).toBe("openshift-cluster-machine-approver");
  expect(rules.map(({ alert }) => alert)).toEqual(["CertificateApproverSilent", "KubeletCertificateRequestWaits"]);
  for (const { annotations } of rules) expect(annotations.description).toContain("make diagnose");
});

test("CertificateApproverSilent fires if the approver has sent no heartbeat for 15 minutes or none at all, but not if the cluster has no metric of Leases", () => {
  const heartbeat = `kube_lease_renew_time{namespace="${approverAccount.namespace}", lease="${approverAccount.name}"}`;
  expect(expressionOf("CertificateApproverSilent")).toBe(
    `time() - max(${heartbeat}) > 900 or max(absent(${heartbeat})) and on () count(kube_lease_renew_time) > 0`,
  );
});

test("the alert on waiting requests counts only undecided requests, and only those for the two signers of kubelets' certificates", () => {
  const expression = expressionOf("KubeletCertificateRequestWaits");
  const [signers] = /signer_name=~"([^"]+)"/.exec(expression)?.slice(1) ?? [];
  for (const signer of ["kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet"])
    expect(signer).toMatch(new RegExp(`^(${signers})$`));
  expect("kubernetes.io/kube-apiserver-client").not.toMatch(new RegExp(`^(${signers})$`));
  expect(expression).toContain('condition="denied"');
});
