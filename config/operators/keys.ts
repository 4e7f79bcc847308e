import { z } from "zod";
import { rbacRule } from "../access-control/keys";
import { field, integerField, listField, mapField, records, textField } from "../field";
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
  versionProblem,
} from "./fields";

/** Most rules of an installing service account, more than anybody maintains by hand; this project's choice. */
const MAX_RULES = 200;

const operator = z.strictObject({
  name: field(textField(packageProblem), "Package of the operator in the catalog; unique."),
  generation: field(
    integerField(0, 1).optional(),
    "Version of OLM that installs the operator: 0 (Subscription) or 1 (ClusterExtension, from 4.18 on); if not set, 0.",
  ),
  namespace: field(
    textField(operatorNamespaceProblem),
    `Namespace of the operator. The program creates it, except ${SHARED_NAMESPACE}, which every cluster has.`,
  ),
  source: field(textField(sourceProblem), "Catalog: the name of a CatalogSource; with generation 1, of a ClusterCatalog."),
  sourceNamespace: field(
    textField(targetNamespaceProblem).optional(),
    `Namespace of the CatalogSource: ${GLOBAL_CATALOGS} or the operator's; if not set, ${GLOBAL_CATALOGS}. Not with generation 1.`,
  ),
  channel: field(textField(operatorChannelProblem), "Channel of the package."),
  startingCSV: field(
    textField(startingCsvProblem).optional(),
    "Version, as the name of its ClusterServiceVersion. OLM installs this version, and keeps it until this field changes. Not with approval Automatic, and not with generation 1.",
  ),
  version: field(
    textField(versionProblem).optional(),
    "Version with generation 1, such as 5.22.2. OLM installs this version, and keeps it until this field changes.",
  ),
  approval: field(
    z.enum(["Manual", "Automatic"]).optional(),
    "Manual: only the version in startingCSV is installed. Automatic: OLM always installs the channel's newest version. If not set, Manual. Not with generation 1.",
  ),
  targetNamespaces: field(
    listField(targetNamespaceProblem).optional(),
    "Namespaces that the operator watches: its own (OwnNamespace), one other (SingleNamespace) or several (MultiNamespace); if not set or empty, all (AllNamespaces). With generation 1, always all.",
  ),
  onInfraNodes: field(
    z.boolean().optional(),
    "Whether the operator's pods run on the infra nodes; if not set, false. Not with generation 1.",
  ),
  env: field(
    mapField(variableProblems).optional(),
    "Environment variables of the operator's containers. Not for secrets, and not with generation 1.",
  ),
  permissions: field(
    z.array(rbacRule).min(1).max(MAX_RULES).optional(),
    "Only with generation 1: rules of the service account with which OLM installs the operator. It needs the rights to create all objects of the operator, and all rights that the operator has.",
  ),
  upgradeConstraintPolicy: field(
    z.enum(["CatalogProvided", "SelfCertified"]).optional(),
    "Only with generation 1. CatalogProvided: only updates that the catalog knows. SelfCertified: any version, also an older one. If not set, CatalogProvided.",
  ),
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
