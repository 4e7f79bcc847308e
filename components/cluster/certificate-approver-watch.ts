import * as pulumi from "@pulumi/pulumi";
import { approverAlerts } from "../../cluster-objects/certificate-approver/alerts";
import { approverHeartbeat } from "../../cluster-objects/certificate-approver/heartbeat";
import type { ClusterApi } from "./cluster-api";

/** Objects in the cluster that monitor the approver, which runs on the installer host: its heartbeat and alerts. */
export class CertificateApproverWatch extends pulumi.ComponentResource {
  constructor(name: string, { api }: { readonly api: ClusterApi }, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:CertificateApproverWatch", name, {}, opts);
    const { lease, role, binding } = approverHeartbeat();
    const parent = { parent: this };
    api.object(`${name}-lease`, lease, parent);
    const right = api.object(`${name}-role`, role, parent);
    api.object(`${name}-binding`, binding, { ...parent, dependsOn: right });
    api.object(`${name}-alerts`, approverAlerts(), parent);
    this.registerOutputs();
  }
}
