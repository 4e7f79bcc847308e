import { z } from "zod";
import { field, integerField, listField, recordMap, records, textField } from "../field";
import { choice, flag, key, list, text } from "../key";
import { CURRENT_MINOR } from "../releases/current";
import { sinceOf } from "../releases/facts";
import {
  bannerProblem,
  colorProblem,
  httpsProblem,
  kernelArgumentProblem,
  linkTextProblem,
  logoProblem,
  MAX_LOGO_CHARACTERS,
  nodeSelectorProblem,
  machineConfigPoolProblem,
  productNameProblem,
  sizeProblem,
  timeServerProblem,
  updateChannelProblem,
  updateGateProblem,
} from "./fields";

const CLUSTER_DEFAULT = { whenEmpty: "the cluster's default" } as const;

/** Keys for the settings of API servers, scheduler and updates. */
export const apiServerSchedulerUpdateKeys = {
  auditProfile: key(choice(["Default", "WriteRequestBodies", "AllRequestBodies", "None", ""], ""), {
    description: "How much of each request the API servers write to their audit logs.",
    allowed: "Default, WriteRequestBodies, AllRequestBodies, None",
    example: "WriteRequestBodies",
    source: "OpenShift (APIServer cluster, spec.audit.profile)",
    ...CLUSTER_DEFAULT,
  }),
  etcdEncryption: key(choice(["aescbc", "aesgcm", ""], ""), {
    description:
      "How secrets, config maps, routes and tokens are encrypted in etcd. A change takes 20 minutes or more to migrate the data.",
    allowed: "aescbc, aesgcm",
    example: "aesgcm",
    source: "OpenShift (APIServer cluster, spec.encryption.type)",
    whenEmpty: "not encrypted",
  }),
  tlsProfile: key(choice(["Old", "Intermediate", "Modern", ""], ""), {
    description: `Minimum TLS version and ciphers of the API servers and the operators' endpoints. Modern needs release ${sinceOf("tls-modern")} or later.`,
    allowed: "Old, Intermediate, Modern",
    example: "Intermediate",
    source: "OpenShift (APIServer cluster, spec.tlsSecurityProfile)",
    whenEmpty: "Intermediate, the cluster's default",
  }),
  schedulerProfile: key(choice(["LowNodeUtilization", "HighNodeUtilization", "NoScoring", ""], ""), {
    description: "How the scheduler spreads pods over nodes.",
    allowed: "LowNodeUtilization, HighNodeUtilization, NoScoring",
    example: "HighNodeUtilization",
    source: "OpenShift (Scheduler cluster, spec.profile)",
    whenEmpty: "LowNodeUtilization, the cluster's default",
  }),
  defaultNodeSelector: key(text(nodeSelectorProblem), {
    description: "Labels of the nodes that run pods of projects without their own node selector.",
    allowed: "label=value, several separated by commas",
    example: "node-role.kubernetes.io/worker=",
    source: "OpenShift (Scheduler cluster, spec.defaultNodeSelector)",
    whenEmpty: "any node",
  }),
  updateChannel: key(text(updateChannelProblem), {
    description: "Channel that offers updates. The key release decides which update is installed.",
    allowed: `a channel, such as stable-${CURRENT_MINOR} (OKD: stable-scos-4)`,
    example: `stable-${CURRENT_MINOR}`,
    source: "OpenShift (ClusterVersion version, spec.channel)",
    ...CLUSTER_DEFAULT,
  }),
  updateServer: key(text(httpsProblem), {
    description: "Update service to use instead of the distribution's, for instance in a disconnected network.",
    allowed: "an https URL",
    example: "https://updates.example.com/api/upgrades_info/graph",
    source: "OpenShift (ClusterVersion version, spec.upstream)",
    whenEmpty: "the distribution's update service",
  }),
  forceUpdate: key(flag(false), {
    description:
      "Whether a changed release is installed from releaseImage even if the update service does not offer it or the cluster can't verify its signature. The update gates are still checked. Remove the key when the update is complete.",
    example: "true",
    source: "OpenShift (ClusterVersion version, spec.desiredUpdate.force)",
  }),
  acceptUpdateRisks: key(flag(false), {
    description:
      "Whether a changed release is requested even if the update service advises against it, the cluster is failing, or another update is in progress. Together with forceUpdate it also overrides the cluster's own reasons to block an update (Upgradeable=False, a lower version, a skipped minor version). The error message of the blocked update names the risk. Remove the key afterwards.",
    example: "true",
    source: "OpenShift (ClusterVersion version, status.conditionalUpdates and status.conditions)",
  }),
  acknowledgedUpdateGates: key(list(updateGateProblem, { max: 50 }), {
    description:
      "Gates of the running release that you acknowledge for an update to the next minor version. The error message of the blocked update names each gate and its condition. An acknowledgement stays in the cluster after you remove its name here.",
    allowed: "names of gates, such as ack-4.18-kube-1.32-api-removals-in-4.19",
    example: '["ack-4.18-kube-1.32-api-removals-in-4.19"]',
    source: "OpenShift (ConfigMaps openshift-config-managed/admin-gates and openshift-config/admin-acks)",
    whenEmpty: "none",
  }),
} as const;

/** Keys for the look of the web console. */
export const consoleKeys = {
  consoleBanner: key(text(bannerProblem), {
    description: "Text of a banner at the top of every page of the web console.",
    allowed: "one line of up to 200 characters",
    example: "Production: changes by pull request only",
    source: "OpenShift (ConsoleNotification)",
    whenEmpty: "none",
  }),
  consoleBannerColor: key(text(colorProblem), {
    description: "Text color of the banner.",
    allowed: "a color as #rgb or #rrggbb",
    example: "#ffffff",
    source: "OpenShift (ConsoleNotification, spec.color)",
    whenEmpty: "the console's default",
  }),
  consoleBannerBackground: key(text(colorProblem), {
    description: "Background color of the banner.",
    allowed: "a color as #rgb or #rrggbb",
    example: "#a30000",
    source: "OpenShift (ConsoleNotification, spec.backgroundColor)",
    whenEmpty: "the console's default",
  }),
  consoleProductName: key(text(productNameProblem), {
    description: "Product name in the title of the console's pages.",
    allowed: "one line of up to 100 characters",
    example: "Example Cloud",
    source: "OpenShift (Console cluster, spec.customization.customProductName)",
    whenEmpty: "the distribution's",
  }),
  consoleLogo: key(text(logoProblem, "", MAX_LOGO_CHARACTERS), {
    description: "Logo of the console: the text of an SVG file, or a base64-encoded PNG file.",
    allowed: "an SVG or a base64-encoded PNG, up to 700 kB",
    example: '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"></svg>',
    source: "OpenShift (Console cluster, spec.customization.customLogoFile)",
    whenEmpty: "the distribution's",
  }),
  consoleLinks: key(
    records(
      z.strictObject({
        name: field(textField(machineConfigPoolProblem), "Name of the ConsoleLink object; unique."),
        text: field(textField(linkTextProblem), "Text of the link."),
        href: field(textField(httpsProblem), "Target of the link, an https URL."),
        location: field(z.enum(["ApplicationMenu", "HelpMenu", "UserMenu"]), "Menu that shows the link."),
        section: field(textField().optional(), "Section of the application menu; required for ApplicationMenu, not allowed elsewhere."),
      }),
      { max: 50, unique: "name" },
    ),
    {
      description: "Links in the console's menus.",
      allowed: "a list of links",
      example: '[{"name": "handbook", "text": "Handbook", "href": "https://handbook.example.com", "location": "HelpMenu"}]',
      source: "OpenShift (ConsoleLink)",
    },
  ),
} as const;

/** Keys for the nodes' configuration. */
export const nodeKeys = {
  ntpServers: key(list(timeServerProblem, { max: 10 }), {
    description: "Time servers of all nodes.",
    allowed: "names or addresses",
    example: '["169.254.169.123"]',
    source: "OpenShift (MachineConfig, /etc/chrony.conf)",
    whenEmpty: "the time servers of the operating system: on AWS 169.254.169.123",
  }),
  nodeTuning: key(
    recordMap(
      z.strictObject({
        kernelArguments: field(
          listField(kernelArgumentProblem, 50, true).optional(),
          "Additional kernel arguments, in this order; an argument may occur more than once.",
        ),
        maxPods: field(integerField(10, 2500).optional(), "Maximum number of pods on a node; the cluster's default is 250."),
        podPidsLimit: field(integerField(20, 1_000_000).optional(), "Maximum number of processes in a pod; the cluster's default is 4096."),
        reserveAutomatically: field(
          z.boolean().optional(),
          "Whether the memory and CPU reserved for the system depend on the node's size, instead of 1 GiB and half a CPU.",
        ),
        logSizeMax: field(textField(sizeProblem).optional(), "Size at which a container's log is rotated, such as 50Mi."),
      }),
      machineConfigPoolProblem,
    ),
    {
      description:
        "Tuning of the nodes, by pool: master or worker (infra nodes are workers). A change reboots the pool's nodes one by one.",
      allowed: "a map from master and worker to settings",
      example: '{"worker": {"maxPods": 500, "kernelArguments": ["hugepages=16"]}}',
      source: "OpenShift (MachineConfig, KubeletConfig, ContainerRuntimeConfig)",
      whenEmpty: "the cluster's defaults",
    },
  ),
} as const;
