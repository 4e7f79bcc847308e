import { ClusterClient } from "../../lib/kubernetes/client";
import { runForCluster } from "../run-for-cluster";
import { type ForgottenLocation, forgetBackups } from "./removal";

/** Deletes the objects of a removed location's backups. */
runForCluster((request, { kubeconfig }) => forgetBackups(request as ForgottenLocation, { client: new ClusterClient(kubeconfig) }));
