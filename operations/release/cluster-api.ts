import { type ApiItem, ClusterClient } from "../authentication/cluster-client";
import { type ClusterOperator, type ClusterState, preparedAnnotation } from "./cluster-state";
import type { ClusterVersion, DesiredUpdate, RoleSecret } from "./request";

const clusterVersionPath = "/apis/config.openshift.io/v1/clusterversions/version";
const operatorsPath = "/apis/config.openshift.io/v1/clusteroperators";
const gatesPath = "/api/v1/namespaces/openshift-config-managed/configmaps/admin-gates";
/** Of the cluster version operator (`pkg/cvo/sync_worker.go`, release-4.14 to release-4.22). */
const retrievalEventsPath = "/api/v1/namespaces/openshift-cluster-version/events?fieldSelector=reason%3DRetrievePayloadFailed";
const acksPath = "/api/v1/namespaces/openshift-config/configmaps/admin-acks";
const credentialsPath = "/apis/operator.openshift.io/v1/cloudcredentials/cluster";

/** Who owns the fields that an update sets; the objects' other fields are the platform's patches'. */
const owner = "fieldManager=okd-aws-release";

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/, as the core API gives it. */
interface Event extends ApiItem {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

/** What the operator tells about a release that it could not verify or pull. */
export interface RetrievalEvent {
  readonly message: string;
  /** RFC 3339; empty where the event has no time. */
  readonly time: string;
}

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

interface CloudCredential {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly credentialsMode?: string };
}

/** The objects of a running cluster that an update reads and writes. @throws Error when the API refuses or does not answer */
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
      credentials: { mode: credentials?.spec?.credentialsMode ?? "", ...(preparedFor !== undefined && { preparedFor }) },
    };
  }

  /**
   * Sets the desired update, or clears it. Fields that somebody else has set of it go, as with `oc adm upgrade`: an image or a force of another update
   * would count for this one.
   */
  async setDesiredUpdate(desired: DesiredUpdate | null): Promise<void> {
    const whole = desired && { ...desired, image: desired.image ?? null, architecture: null };
    await this.client.send("PATCH", `${clusterVersionPath}?${owner}`, { spec: { desiredUpdate: whole } });
  }

  /** Acknowledges gates, by their names. */
  async acknowledge(gates: readonly string[]): Promise<void> {
    await this.client.send("PATCH", `${acksPath}?${owner}`, { data: Object.fromEntries(gates.map((gate) => [gate, "true"])) });
  }

  /** Says for which minor version the components' credentials are prepared; undefined takes that back. */
  async setPrepared(minor: string | undefined): Promise<void> {
    const annotations = { [preparedAnnotation]: minor ?? null };
    await this.client.send("PATCH", `${credentialsPath}?${owner}`, { metadata: { annotations } });
  }

  /** Writes a component's secret, in a namespace that the running release may not have yet. */
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
