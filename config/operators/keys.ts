import { z } from "zod";
import { field, listField, mapField, records, textField } from "../field";
import { key } from "../key";
import {
  GLOBAL_CATALOGS,
  operatorChannelProblem,
  operatorNamespaceProblem,
  packageProblem,
  SHARED_NAMESPACE,
  sourceProblem,
  startingCsvProblem,
  targetNamespaceProblem,
  variableProblems,
} from "./fields";

const operator = z.strictObject({
  name: field(textField(packageProblem), "Package of the operator in the catalog; unique."),
  namespace: field(
    textField(operatorNamespaceProblem),
    `Namespace of the operator. The program creates it, except ${SHARED_NAMESPACE}, which every cluster has.`,
  ),
  source: field(textField(sourceProblem), "Catalog: the name of a CatalogSource."),
  sourceNamespace: field(
    textField(targetNamespaceProblem).optional(),
    `Namespace of the CatalogSource: ${GLOBAL_CATALOGS} or the operator's; if not set, ${GLOBAL_CATALOGS}.`,
  ),
  channel: field(textField(operatorChannelProblem), "Channel of the package."),
  startingCSV: field(
    textField(startingCsvProblem).optional(),
    "Version, as the name of its ClusterServiceVersion. OLM installs this version, and keeps it until this field changes. Not with approval Automatic.",
  ),
  approval: field(
    z.enum(["Manual", "Automatic"]).optional(),
    "Manual: only the version in startingCSV is installed. Automatic: OLM always installs the channel's newest version. If not set, Manual.",
  ),
  targetNamespaces: field(
    listField(targetNamespaceProblem).optional(),
    "Namespaces that the operator watches: its own (OwnNamespace), one other (SingleNamespace) or several (MultiNamespace); if not set or empty, all (AllNamespaces).",
  ),
  onInfraNodes: field(z.boolean().optional(), "Whether the operator's pods run on the infra nodes; if not set, false."),
  env: field(mapField(variableProblems).optional(), "Environment variables of the operator's containers. Not for secrets."),
});

/** Keys for operators from catalogs. */
export const operatorKeys = {
  operators: key(records(operator, { max: 50, unique: "name" }), {
    description: "Operators that the Operator Lifecycle Manager installs from its catalogs (docs/operators.md).",
    allowed: "a list of operators",
    example:
      '[{"name": "grafana-operator", "namespace": "grafana-operator", "source": "community-operators", "channel": "v5", "startingCSV": "grafana-operator.v5.22.2"}]',
    source: "Operator Lifecycle Manager (operators.coreos.com/v1alpha1 Subscription, operators.coreos.com/v1 OperatorGroup)",
    whenEmpty: "none",
  }),
} as const;
