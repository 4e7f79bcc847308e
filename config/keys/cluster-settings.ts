import { z } from "zod";
import { field, integerField, listField, recordMap, records, textField } from "../field";
import { choice, flag, key, list, text } from "../key";
import { CURRENT_MINOR } from "../releases/current";
import { sinceOf } from "../releases/facts";
import {
  bannerFlaw,
  colorFlaw,
  httpsFlaw,
  kernelArgumentFlaw,
  linkTextFlaw,
  logoFlaw,
  MOST_LOGO_CHARACTERS,
  nodeSelectorFlaw,
  poolFlaw,
  productNameFlaw,
  sizeFlaw,
  timeServerFlaw,
  updateChannelFlaw,
  updateGateFlaw,
} from "../rules/cluster-settings";
import { servingCertificateKeys } from "./serving-certificates";
import { storageKeys } from "./storage";

const AS_THE_CLUSTER = { whenEmpty: "as the cluster has it" } as const;

const operatorKeys = {
  auditProfile: key(choice(["Default", "WriteRequestBodies", "AllRequestBodies", "None", ""], ""), {
    description: "How much of each request the API servers write into their audit logs.",
    allowed: "Default, WriteRequestBodies, AllRequestBodies, None",
    example: "WriteRequestBodies",
    source: "OpenShift (APIServer cluster, spec.audit.profile)",
    ...AS_THE_CLUSTER,
  }),
  etcdEncryption: key(choice(["aescbc", "aesgcm", ""], ""), {
    description: "With what secrets, config maps, routes and tokens are encrypted in etcd. The migration takes 20 minutes and more.",
    allowed: "aescbc, aesgcm",
    example: "aesgcm",
    source: "OpenShift (APIServer cluster, spec.encryption.type)",
    whenEmpty: "not encrypted",
  }),
  tlsProfile: key(choice(["Old", "Intermediate", "Modern", ""], ""), {
    description: `Oldest TLS version and ciphers that the API servers and the operators' endpoints speak. Modern needs release ${sinceOf("tls-modern")} or later.`,
    allowed: "Old, Intermediate, Modern",
    example: "Intermediate",
    source: "OpenShift (APIServer cluster, spec.tlsSecurityProfile)",
    whenEmpty: "Intermediate, the cluster's own",
  }),
  schedulerProfile: key(choice(["LowNodeUtilization", "HighNodeUtilization", "NoScoring", ""], ""), {
    description: "How pods are spread over nodes.",
    allowed: "LowNodeUtilization, HighNodeUtilization, NoScoring",
    example: "HighNodeUtilization",
    source: "OpenShift (Scheduler cluster, spec.profile)",
    whenEmpty: "LowNodeUtilization, the cluster's own",
  }),
  defaultNodeSelector: key(text(nodeSelectorFlaw), {
    description: "Labels of the nodes on which pods of projects without a selector of their own run.",
    allowed: "label=value, several with commas between",
    example: "node-role.kubernetes.io/worker=",
    source: "OpenShift (Scheduler cluster, spec.defaultNodeSelector)",
    whenEmpty: "any node",
  }),
  updateChannel: key(text(updateChannelFlaw), {
    description: "From where updates are offered. Which of them is installed is the release's to say.",
    allowed: `a channel, such as stable-${CURRENT_MINOR} (OKD: stable-scos-4)`,
    example: `stable-${CURRENT_MINOR}`,
    source: "OpenShift (ClusterVersion version, spec.channel)",
    ...AS_THE_CLUSTER,
  }),
  updateServer: key(text(httpsFlaw), {
    description: "Update service that is asked in place of the distribution's, for instance in a disconnected network.",
    allowed: "an https URL",
    example: "https://updates.example.com/api/upgrades_info/graph",
    source: "OpenShift (ClusterVersion version, spec.upstream)",
    whenEmpty: "the distribution's own",
  }),
  forceUpdate: key(flag(false), {
    description:
      "Whether a changed release is installed from releaseImage, although the cluster is not offered it or can't verify its signature. The gates of an update are checked all the same. Take it out again when the update is complete.",
    example: "true",
    source: "OpenShift (ClusterVersion version, spec.desiredUpdate.force)",
  }),
  acceptUpdateRisks: key(flag(false), {
    description:
      "Whether a changed release is requested although the update service advises against it, the cluster is failing, or another update is in progress. Together with forceUpdate it also overrides what the cluster holds updates for (Upgradeable=False, a lower version, a skipped minor version). The refusal names the risk; take the key out again afterwards.",
    example: "true",
    source: "OpenShift (ClusterVersion version, status.conditionalUpdates and status.conditions)",
  }),
  acknowledgedUpdateGates: key(list(updateGateFlaw, { most: 50 }), {
    description:
      "Gates of the running release that you acknowledge for an update to the next minor version. The refused update names each gate and what it asks for. An acknowledgement stays in the cluster when its name is taken out.",
    allowed: "names of gates, such as ack-4.18-kube-1.32-api-removals-in-4.19",
    example: '["ack-4.18-kube-1.32-api-removals-in-4.19"]',
    source: "OpenShift (ConfigMaps openshift-config-managed/admin-gates and openshift-config/admin-acks)",
    whenEmpty: "none",
  }),
} as const;

/** How the web console looks. */
const consoleKeys = {
  consoleBanner: key(text(bannerFlaw), {
    description: "A line at the top of every page of the web console.",
    allowed: "one line of up to 200 characters",
    example: "Production: changes by pull request only",
    source: "OpenShift (ConsoleNotification)",
    whenEmpty: "none",
  }),
  consoleBannerColor: key(text(colorFlaw), {
    description: "Color of the banner's text.",
    allowed: "a color as #rgb or #rrggbb",
    example: "#ffffff",
    source: "OpenShift (ConsoleNotification, spec.color)",
    whenEmpty: "the console's own",
  }),
  consoleBannerBackground: key(text(colorFlaw), {
    description: "Color behind the banner's text.",
    allowed: "a color as #rgb or #rrggbb",
    example: "#a30000",
    source: "OpenShift (ConsoleNotification, spec.backgroundColor)",
    whenEmpty: "the console's own",
  }),
  consoleProductName: key(text(productNameFlaw), {
    description: "Name in the title of the console's pages.",
    allowed: "one line of up to 100 characters",
    example: "Example Cloud",
    source: "OpenShift (Console cluster, spec.customization.customProductName)",
    whenEmpty: "the distribution's",
  }),
  consoleLogo: key(text(logoFlaw, "", MOST_LOGO_CHARACTERS), {
    description: "Logo of the console: the text of an SVG file, or a PNG file in base64.",
    allowed: "an SVG, or a PNG in base64, of up to 700 kB",
    example: '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"></svg>',
    source: "OpenShift (Console cluster, spec.customization.customLogoFile)",
    whenEmpty: "the distribution's",
  }),
  consoleLinks: key(
    records(
      z.strictObject({
        name: field(textField(poolFlaw), "Name of the object; unique."),
        text: field(textField(linkTextFlaw), "What the console shows."),
        href: field(textField(httpsFlaw), "An https URL."),
        location: field(z.enum(["ApplicationMenu", "HelpMenu", "UserMenu"]), "The menu that it stands in."),
        section: field(textField().optional(), "Section of the application menu; needed there, and nowhere else."),
      }),
      { most: 50, unique: "name" },
    ),
    {
      description: "Links in the console's menus.",
      allowed: "a list of links",
      example: '[{"name": "handbook", "text": "Handbook", "href": "https://handbook.example.com", "location": "HelpMenu"}]',
      source: "OpenShift (ConsoleLink)",
    },
  ),
} as const;

/** How nodes are tuned. */
const nodeKeys = {
  ntpServers: key(list(timeServerFlaw, { most: 10 }), {
    description: "Time servers of all nodes.",
    allowed: "names or addresses",
    example: '["169.254.169.123"]',
    source: "OpenShift (MachineConfig, /etc/chrony.conf)",
    whenEmpty: "the image's own: on AWS the service at 169.254.169.123",
  }),
  nodeTuning: key(
    recordMap(
      z.strictObject({
        kernelArguments: field(
          listField(kernelArgumentFlaw, 50, true).optional(),
          "Arguments that the kernel is booted with in addition, in this order; one may be there more than once.",
        ),
        maxPods: field(integerField(10, 2500).optional(), "Pods that a node runs at most; 250 is the cluster's own."),
        podPidsLimit: field(integerField(20, 1_000_000).optional(), "Processes that a pod may have; 4096 is the cluster's own."),
        reserveAutomatically: field(
          z.boolean().optional(),
          "Whether memory and CPU for the system are reserved by the node's size, in place of 1 GiB and half a CPU.",
        ),
        logSizeMax: field(textField(sizeFlaw).optional(), "Size at which a container's log is rotated, such as 50Mi."),
      }),
      poolFlaw,
    ),
    {
      description:
        "Tuning of the nodes, by pool: master or worker (infra nodes are workers). A change reboots the pool's nodes one by one.",
      allowed: "a map from master and worker to settings",
      example: '{"worker": {"maxPods": 500, "kernelArguments": ["hugepages=16"]}}',
      source: "OpenShift (MachineConfig, KubeletConfig, ContainerRuntimeConfig)",
      whenEmpty: "as the cluster has them",
    },
  ),
} as const;

/** What the cluster's own objects are set to. */
export const clusterSettingsKeys = { ...operatorKeys, ...servingCertificateKeys, ...storageKeys, ...consoleKeys, ...nodeKeys } as const;
