import { type Api, ApiError, type KubeObject } from "../../api";
import { kubeTime } from "../../kube-time";
import { catalogInImage, type OlmBundle, type OlmCatalog } from "../catalog";
import type { DefinitionOf } from "../known-definitions";
import { OLM_MANAGER } from "../objects";
import { sameStatus } from "../subscription-status";
import { objectsOf, OWNER_NAME, Unsupported } from "./bundle-objects";
import {
  CATALOG_NAME,
  CATALOGS,
  EXTENSIONS,
  type V1Catalog,
  type V1Condition,
  type V1Extension,
  type V1Installed,
  withV1Condition,
} from "./objects";
import { defaultCatalogs } from "./default-catalogs";
import { readExtensionDefinitions } from "./definitions";
import { resolveExtension, type SelectedCatalog, Unresolved } from "./resolution";

export interface ExtensionStandInOptions {
  /** The cluster's release, from 4.18 on. OLM's definitions and the release's default ClusterCatalogs are created; if undefined, none. */
  readonly release?: string;
  /** The content of a ClusterCatalog; undefined if its image cannot be pulled. Default: the stand-in's catalogs, by image. */
  readonly catalogOf?: (catalog: V1Catalog) => OlmCatalog | undefined;
  /** Finds the CRDs that bundles bring; of other CRDs only the names are known. Default: finds none. */
  readonly definitionOf?: DefinitionOf;
  readonly now?: () => Date;
}

/** Finalizers with which OLM cleans up (`internal/operator-controller/controllers/clusterextension_controller.go`, release-4.20). */
const FINALIZERS = ["olm.operatorframework.io/cleanup-unpack-cache", "olm.operatorframework.io/cleanup-contentmanager-cache"];

/** OLM's message if it cannot install the resolved bundle. */
class NotInstalled extends Error {}

/** OLM's message if it cannot watch the objects of an installed bundle. */
class NotWatched extends Error {
  constructor(
    readonly bundle: V1Installed,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Stands in for version 1 of the Operator Lifecycle Manager: catalogd and operator-controller. It works on the objects of a real API server.
 * It installs each bundle with a token of the ClusterExtension's service account, so the API server itself refuses what the account may not do.
 * Paths are in openshift/operator-framework-operator-controller, release-4.20.
 */
export class ExtensionStandIn {
  private readonly catalogOf: (catalog: V1Catalog) => OlmCatalog | undefined;
  private readonly now: () => Date;
  private isDefined = false;

  constructor(
    private readonly api: Api,
    private readonly options: ExtensionStandInOptions = {},
  ) {
    this.catalogOf =
      options.catalogOf ?? (({ spec }) => (spec.source.image === undefined ? undefined : catalogInImage(spec.source.image.ref)));
    this.now = options.now ?? (() => new Date());
  }

  /** @throws ApiError if the API server refuses a request of the stand-in itself; the next call tries again */
  async advance(): Promise<void> {
    await this.ensureDefinitions();
    const catalogs = await this.api.list<V1Catalog>(CATALOGS);
    const missing = (this.options.release === undefined ? [] : defaultCatalogs(this.options.release)).filter(
      ({ metadata }) => !catalogs.some(({ metadata: { name } }) => name === metadata.name),
    );
    for (const catalog of missing) await this.api.create(catalog);
    for (const catalog of catalogs) await this.reportCatalog(catalog);
    for (const extension of await this.api.list<V1Extension>(EXTENSIONS)) await this.advanceExtension(extension, catalogs);
  }

  private async ensureDefinitions(): Promise<void> {
    if (this.isDefined || this.options.release === undefined) return;
    for (const definition of readExtensionDefinitions()) await this.api.create(definition);
    this.isDefined = true;
  }

  /** Sets the label with the name, which catalogd's webhook sets, and the conditions. */
  private async reportCatalog(catalog: V1Catalog): Promise<void> {
    const { name, labels = {}, generation } = catalog.metadata;
    if (labels[CATALOG_NAME] !== name) await this.api.patch(`${CATALOGS}/${name}`, { metadata: { labels: { [CATALOG_NAME]: name } } });
    const [serving, progressing] = this.catalogConditions(catalog);
    const time = kubeTime(this.now());
    const conditions = [serving, progressing].reduce(
      (all, condition) => withV1Condition(all, { ...condition, observedGeneration: generation }, time),
      catalog.status?.conditions ?? [],
    );
    if (!sameStatus(catalog.status, { conditions })) await this.api.patchStatus(`${CATALOGS}/${name}`, { conditions });
  }

  /** `internal/catalogd/controllers/core/clustercatalog_controller.go`: updateStatus…; the text about the image is a guess. */
  private catalogConditions(catalog: V1Catalog): Omit<V1Condition, "observedGeneration" | "lastTransitionTime">[] {
    const { spec } = catalog;
    if (spec.availabilityMode === "Unavailable") {
      const message = "Catalog availability mode is set to Unavailable";
      return [
        { type: "Serving", status: "False", reason: "UserSpecifiedUnavailable", message },
        { type: "Progressing", status: "True", reason: "Succeeded", message },
      ];
    }
    if (this.catalogOf(catalog) === undefined)
      return [
        { type: "Serving", status: "False", reason: "Unavailable", message: "" },
        {
          type: "Progressing",
          status: "True",
          reason: "Retrying",
          message: `source catalog content: error creating image source: reading manifest of ${spec.source.image?.ref ?? ""}: unauthorized`,
        },
      ];
    return [
      { type: "Serving", status: "True", reason: "Available", message: "Serving desired content from resolved source" },
      {
        type: "Progressing",
        status: "True",
        reason: "Succeeded",
        message: "Successfully unpacked and stored content from resolved source",
      },
    ];
  }

  private async advanceExtension(extension: V1Extension, catalogs: readonly V1Catalog[]): Promise<void> {
    const { name, deletionTimestamp, finalizers = [] } = extension.metadata;
    const path = `${EXTENSIONS}/${name}`;
    if (deletionTimestamp !== undefined) {
      await this.api.patch(path, { metadata: { finalizers: finalizers.filter((each) => !FINALIZERS.includes(each)) } });
      return;
    }
    const missing = FINALIZERS.filter((each) => !finalizers.includes(each));
    if (missing.length > 0) {
      await this.api.patch(path, { metadata: { finalizers: [...finalizers, ...missing] } });
      return;
    }
    const before = extension.status?.install?.bundle;
    try {
      const bundle = resolveExtension(extension, this.selected(extension, catalogs), before);
      await this.install(bundle, extension);
      await this.report(extension, { name: bundle.name, version: bundle.version });
    } catch (error) {
      if (!(error instanceof Unresolved || error instanceof NotInstalled || error instanceof NotWatched)) throw error;
      await this.report(extension, error instanceof NotWatched ? error.bundle : before, error.message);
    }
  }

  private selected({ spec }: V1Extension, catalogs: readonly V1Catalog[]): SelectedCatalog[] {
    const wanted = Object.entries(spec.source.catalog.selector?.matchLabels ?? {});
    return catalogs
      .filter(({ spec: { availabilityMode } }) => availabilityMode !== "Unavailable")
      .filter(({ metadata: { labels = {} } }) => wanted.every(([key, value]) => labels[key] === value))
      .map((catalog) => ({ name: catalog.metadata.name, priority: catalog.spec.priority ?? 0, content: this.catalogOf(catalog) }));
  }

  /** @throws NotInstalled or NotWatched with OLM's message */
  private async install(bundle: OlmBundle, extension: V1Extension): Promise<void> {
    const prefix = `error for resolved bundle "${bundle.name}" with version "${bundle.version}": `;
    const fail = (error: unknown, what = ""): never => {
      if (error instanceof ApiError || error instanceof Unsupported || error instanceof NotInstalled)
        throw new NotInstalled(`${prefix}${what}${error.message}`);
      throw error;
    };
    const account = await this.accountApi(extension);
    try {
      const objects = render(bundle, extension, this.options.definitionOf, fail);
      const dryRun = extension.status?.install === undefined ? "Unable to continue with install" : "Unable to continue with update";
      for (const object of objects)
        await this.checkOwner(account, object, extension).catch((error: unknown) =>
          fail(error, `failed to get release state using server-side dry-run: ${dryRun}: `),
        );
      for (const object of objects)
        await account.apply(object, OLM_MANAGER).catch((error: unknown) => fail(error, "failed to create resource: "));
      await this.watch(account, objects, bundle);
    } finally {
      account.close();
    }
  }

  /**
   * OLM watches each kind of object in the whole cluster (`internal/operator-controller/contentmanager/cache/cache.go` and
   * `source/dynamicsource.go`). @throws NotWatched
   */
  private async watch(account: Api, objects: readonly KubeObject[], { name, version }: OlmBundle): Promise<void> {
    for (const object of new Map(objects.map((each) => [`${each.apiVersion} ${each.kind}`, each])).values()) {
      const path = (await this.api.pathOf(object)).replace(/\/namespaces\/[^/]+(?=\/[^/]+\/)/, "");
      await account.list(`${path.slice(0, path.lastIndexOf("/"))}?limit=1`).catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        const { apiVersion, kind } = object;
        throw new NotWatched(
          { name, version },
          `establishing watch for GVK "${apiVersion}, Kind=${kind}": waiting for sync: failed to list *unstructured.Unstructured: ${error.message}`,
        );
      });
    }
  }

  /** Helm reads each object, and takes over only its own ones (helm/helm, `pkg/action/validate.go`: existingResourceConflict, v3). */
  private async checkOwner(account: Api, object: KubeObject, { metadata }: V1Extension): Promise<void> {
    const { kind, metadata: own } = object;
    const name = `${kind} "${own.name ?? ""}" in namespace "${own.namespace ?? ""}"`;
    const found = await account.get(await this.api.pathOf(object)).catch((error: unknown) => {
      if (error instanceof ApiError)
        throw new ApiError(error.status, `could not get information about the resource ${name}: ${error.message}`);
      throw error;
    });
    if (found === undefined || found.metadata.labels?.[OWNER_NAME] === metadata.name) return;
    throw new NotInstalled(
      `${name} exists and cannot be imported into the current release: invalid ownership metadata; ` +
        `label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"`,
    );
  }

  /** @throws NotInstalled if the account does not exist */
  private async accountApi({ spec: { namespace, serviceAccount } }: V1Extension): Promise<Api> {
    const { name } = serviceAccount;
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } };
    try {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
      const { status } = await this.api.send<{ status: { token: string } }>("POST", path, request);
      return this.api.withToken(status.token);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
      throw new NotInstalled(
        `service account "${name}" not found in namespace "${namespace}": unable to authenticate with the Kubernetes cluster.`,
      );
    }
  }

  /** `internal/operator-controller/controllers/common_controller.go`: setStatusProgressing, setInstalledStatusFromBundle. */
  private async report(extension: V1Extension, bundle: V1Installed | undefined, problem?: string): Promise<void> {
    const { name, generation: observedGeneration } = extension.metadata;
    const time = kubeTime(this.now());
    const isAccountMissing = problem?.startsWith("service account ") === true;
    const installed = isAccountMissing
      ? ({ status: "Unknown", reason: "Failed", message: problem } as const)
      : bundle === undefined
        ? ({ status: "False", reason: "Failed", message: "No bundle installed" } as const)
        : ({ status: "True", reason: "Succeeded", message: `Installed bundle example.com/${bundle.name} successfully` } as const);
    const progress = isAccountMissing ? "installation cannot proceed due to missing ServiceAccount" : problem;
    const progressing = { reason: progress === undefined ? "Succeeded" : "Retrying", message: progress ?? "desired state reached" };
    let conditions = withV1Condition(extension.status?.conditions, { type: "Installed", ...installed, observedGeneration }, time);
    conditions = withV1Condition(conditions, { type: "Progressing", status: "True", ...progressing, observedGeneration }, time);
    const status = { conditions, install: bundle === undefined ? null : { bundle } };
    if (!sameStatus(extension.status, bundle === undefined ? { conditions } : status))
      await this.api.patchStatus(`${EXTENSIONS}/${name}`, status);
  }
}

/** The objects of the bundle. @param fail is called with the error if the bundle cannot be installed */
function render(
  bundle: OlmBundle,
  extension: V1Extension,
  definitionOf: DefinitionOf | undefined,
  fail: (error: unknown) => never,
): KubeObject[] {
  try {
    return objectsOf(bundle, extension, definitionOf);
  } catch (error) {
    return fail(error);
  }
}
