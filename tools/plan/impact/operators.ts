import type { ResourceProperties } from "../../../lib/pulumi/change";
import { allOf, impact, type Impact, type ImpactRow, isInside, isRemoval, updatesFields } from "./row";

const inOperator = isInside("okd:cluster:Operator");
const inExtension = isInside("okd:cluster:OperatorExtension");

/** The impact of changes to operators from catalogs. */
export const operatorRows: readonly ImpactRow[] = [
  {
    type: /:Subscription$/,
    when: allOf(updatesFields("spec.installPlanApproval"), ({ after }) => operatorIn(after).approval === "Automatic", inOperator),
    impact: ({ after }) => {
      const text = `updates the operator ${operatorIn(after).name} to its channel's newest version, now and whenever the catalog has another one`;
      return { severity: "can't be undone", text: `${text}: OLM does not go back`, short: text };
    },
  },
  {
    type: /:Subscription$/,
    when: allOf(updatesFields("spec.startingCSV"), inOperator),
    impact: ({ before, after }) => {
      const text = `updates the operator ${operatorIn(before).name} from ${operatorIn(before).startingCSV} to ${operatorIn(after).startingCSV}`;
      return { severity: "can't be undone", text: `${text}: OLM does not go back`, short: text };
    },
  },
  {
    type: /:Subscription$/,
    when: allOf(({ operation }) => operation === "delete", inOperator),
    impact: ({ before }) => ({
      severity: "interrupts",
      text: `removes the operator ${operatorIn(before).name}: its custom resources stay, but nothing acts on them any more`,
      short: `removes the operator ${operatorIn(before).name}`,
    }),
  },
  {
    type: /:Subscription$/,
    when: allOf(({ operation }) => operation === "replace", inOperator),
    impact: ({ before, after }) => {
      const { name, namespace } = operatorIn(before);
      return interrupts(
        `removes the operator ${name} from ${namespace} and installs it in ${operatorIn(after).namespace}: nothing acts on its custom resources meanwhile, and those in ${namespace} stay there`,
        `moves the operator ${name} to another namespace`,
      );
    },
  },
  {
    type: /:Subscription$/,
    when: allOf(updatesFields("spec.channel", "spec.source", "spec.sourceNamespace"), inOperator),
    impact: ({ after }) => {
      const { name, channel, source } = operatorIn(after);
      return interrupts(`gets the updates of the operator ${name} from channel ${channel} of ${source}`, `changes the channel of ${name}`);
    },
  },
  {
    type: /:Subscription$/,
    when: allOf(updatesFields("spec.config"), inOperator),
    impact: ({ after }) => impact("restarts", `restarts the pods of the operator ${operatorIn(after).name}`)(),
  },
  {
    type: /:OperatorGroup$/,
    when: allOf(updatesFields("spec"), isInside("okd:cluster:OperatorNamespace")),
    impact: impact("restarts", "changes which namespaces the operators of a namespace watch, and restarts their pods"),
  },
  {
    type: /:ClusterExtension$/,
    when: allOf(updatesFields("spec.source.catalog.version"), inExtension),
    impact: ({ before, after }) => {
      const text = `updates the operator ${extensionIn(before).name} from ${extensionIn(before).version} to ${extensionIn(after).version}`;
      return { severity: "can't be undone", text, short: text };
    },
  },
  {
    type: /:ClusterExtension$/,
    when: allOf(updatesFields("spec.source.catalog.channels", "spec.source.catalog.selector"), inExtension),
    impact: ({ after }) => {
      const { name, channel, catalog } = extensionIn(after);
      return interrupts(`gets the updates of the operator ${name} from channel ${channel} of ${catalog}`, `changes the channel of ${name}`);
    },
  },
  {
    type: /:ClusterExtension$/,
    when: allOf(isRemoval, inExtension),
    impact: ({ before }) => {
      const { name } = extensionIn(before);
      return {
        severity: "loses data",
        text: `removes the operator ${name}, its CustomResourceDefinitions and all their custom resources in the whole cluster: version 1 of OLM deletes them`,
        short: `deletes the operator ${name} with all its custom resources`,
      };
    },
  },
];

function interrupts(text: string, short: string): Impact {
  return { severity: "interrupts", text, short };
}

interface OperatorSettings {
  readonly name: string;
  readonly namespace: string;
  readonly startingCSV: string;
  readonly channel: string;
  readonly source: string;
  readonly approval: string;
}

/** The settings of an operator in its Subscription. */
function operatorIn({ metadata, spec }: ResourceProperties): OperatorSettings {
  const {
    name = "",
    startingCSV = "the channel's newest version",
    channel = "",
    source = "",
    installPlanApproval: approval = "",
  } = (spec ?? {}) as Readonly<Record<string, string | undefined>>;
  const { namespace = "" } = (metadata ?? {}) as { readonly namespace?: string };
  return { name, namespace, startingCSV, channel, source, approval };
}

interface ExtensionSettings {
  readonly name: string;
  readonly version: string;
  readonly channel: string;
  readonly catalog: string;
}

/** The settings of an operator in its ClusterExtension. */
function extensionIn({ spec }: ResourceProperties): ExtensionSettings {
  const { source } = (spec ?? {}) as { readonly source?: { readonly catalog?: CatalogSettings } };
  const { packageName = "", version = "", channels = [], selector } = source?.catalog ?? {};
  return { name: packageName, version, channel: channels.join(", "), catalog: Object.values(selector?.matchLabels ?? {}).join(", ") };
}

interface CatalogSettings {
  readonly packageName?: string;
  readonly version?: string;
  readonly channels?: readonly string[];
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
}
