import { type ApiItem, ClusterClient } from "../../lib/kubernetes/client";
import { type ClusterOperator, type ClusterState, preparedAnnotation } from "./cluster-state";
import type { ClusterVersion, DesiredUpdate, RoleSecret } from "./request";

const clusterVersionPath = "/apis/config.openshift.io/v1/clusterversions/version";
const operatorsPath = "/apis/config.openshift.io/v1/clusteroperators";
const gatesPath = "/api/v1/namespaces/openshift-config-managed/configmaps/admin-gates";
/** Events of the cluster version operator (`pkg/cvo/sync_worker.go`, release-4.14 to release-4.22). */
const retrievalEventsPath = "/api/v1/namespaces/openshift-cluster-version/events?fieldSelector=reason%3DRetrievePayloadFailed";
const acksPath = "/api/v1/namespaces/openshift-config/configmaps/admin-acks";
const credentialsPath = "/apis/operator.openshift.io/v1/cloudcredentials/cluster";

/** Field manager of the fields that an update sets. The stack's patches own the objects' other fields. */
const owner = "fieldManager=okd-aws-release";

/** An event of the core API (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/). */
interface Event extends ApiItem {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

/** An event of the cluster version operator about a release that it could not verify or pull. */
export interface RetrievalEvent {
  readonly message: string;
  /** RFC 3339; empty if the event has no time. */
  readonly time: string;
}

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

interface CloudCredential {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

/** Reads and writes the objects of a running cluster that concern updates. @throws Error if the API refuses or does not answer */
export class UpdateApi {
  private readonly client: ClusterClient;

  constructor(kubeconfig: string) {
    this.client = new ClusterClient(kubeconfig);
  }

  async clusterVersion(): Promise<ClusterVersion> {
    return this.client.send<ClusterVersion>("GET", clusterVersionPath);
  }

  async retrievalEvents(): Promise<RetrievalEvent[]> {
    const events = await this.client.list<Event>(retrievalEventsPath);
    return events
      .filter(({ reason }) => reason === "RetrievePayloadFailed")
      .map(({ message = "", lastTimestamp, eventTime, metadata }) => ({
        message,
        time: lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "",
      }));
  }

  async state(): Promise<ClusterState> {
    const [clusterVersion, operators, gates, acks, credentials] = await Promise.all([
      this.clusterVersion(),
      this.client.list<ClusterOperator>(operatorsPath),
      this.client.get<ConfigMap>(gatesPath),
      this.client.get<ConfigMap>(acksPath),
      this.client.get<CloudCredential>(credentialsPath),
    ]);
    const preparedFor = credentials?.metadata.annotations?.[preparedAnnotation];
    return {
      clusterVersion,
      operators,
      gates: gates?.data ?? {},
      acks: acks?.data ?? {},
      credentials: { ...(preparedFor !== undefined && { preparedFor }) },
    };
  }

  /**
   * Sets the desired update, or clears it. Fields that somebody else has set are removed, as `oc adm upgrade` does: otherwise `image` or `force` of
   * another update would also apply to this update.
   */
  async setDesiredUpdate(desired: DesiredUpdate | null): Promise<void> {
    const whole = desired && { ...desired, image: desired.image ?? null, architecture: null };
    await this.client.send("PATCH", `${clusterVersionPath}?${owner}`, { spec: { desiredUpdate: whole } });
  }

  /** Acknowledges the gates with these names. */
  async acknowledge(gates: readonly string[]): Promise<void> {
    await this.client.send("PATCH", `${acksPath}?${owner}`, { data: Object.fromEntries(gates.map((gate) => [gate, "true"])) });
  }

  /** Marks the components' credentials as prepared for this minor version; undefined removes the mark. */
  async setPrepared(minor: string | undefined): Promise<void> {
    const annotations = { [preparedAnnotation]: minor ?? null };
    await this.client.send("PATCH", `${credentialsPath}?${owner}`, { metadata: { annotations } });
  }

  /** Writes a component's secret. Creates its namespace if the running release does not have it yet. */
  async writeSecret({ namespace, name, credentials }: RoleSecret): Promise<void> {
    const namespacePath = `/api/v1/namespaces/${namespace}`;
    if ((await this.client.get(namespacePath)) === undefined)
      await this.client.send("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
    const secrets = `${namespacePath}/secrets`;
    const content = { stringData: { credentials } };
    if ((await this.client.get(`${secrets}/${name}`)) !== undefined)
      await this.client.send("PATCH", `${secrets}/${name}?${owner}`, content);
    else await this.client.send("POST", `${secrets}?${owner}`, { metadata: { name, namespace }, type: "Opaque", ...content });
  }
}
