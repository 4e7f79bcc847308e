import { ClusterClient } from "../../lib/kubernetes/client";
import { runForCluster } from "../run-for-cluster";
import { removeUser, type UserRemoval } from "./remove-user";

/** The command of `components/cluster/htpasswd-users.ts`. */
runForCluster((request, { kubeconfig }) => removeUser(request as UserRemoval, new ClusterClient(kubeconfig)));
