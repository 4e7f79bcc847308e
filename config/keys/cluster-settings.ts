import { choice, key, text } from "../key";
import { bannerFlaw } from "../rules/cluster-settings";

/** What the cluster's own objects are set to. */
export const clusterSettingsKeys = {
  auditProfile: key(choice(["Default", "WriteRequestBodies", "AllRequestBodies", "None", ""], ""), {
    description: "How much of each request the API servers write into their audit logs.",
    allowed: "Default, WriteRequestBodies, AllRequestBodies, None",
    example: "WriteRequestBodies",
    source: "OpenShift (APIServer cluster, spec.audit.profile)",
    whenEmpty: "as the cluster has it",
  }),
  consoleBanner: key(text(bannerFlaw), {
    description: "A line at the top of every page of the web console.",
    allowed: "one line of up to 200 characters",
    example: "Production: changes by pull request only",
    source: "OpenShift (ConsoleNotification)",
    whenEmpty: "none",
  }),
} as const;
