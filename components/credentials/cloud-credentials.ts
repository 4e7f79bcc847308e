import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import { partitionOf } from "../../config/partition";
import { authenticationManifest, roleCredentials, roleSecret } from "../../ignition/cloud-roles";
import type { Manifests } from "../../ignition/manifests";
import type { RoleSecret } from "../../steps/release/request";
import { askRunningReleases, type RunningRelease, type RunningReleases } from "../../steps/release/running";
import type { InstallationPhase } from "../installer/asset-age";
import type { Executor } from "../installer/executor";
import { valueIfKnown } from "../../lib/pulumi/known-value";
import type { MirroredImage } from "../mirror";
import type { Naming } from "../naming";
import type { PreparedRoles } from "../cluster/release";
import { type CloudRole, declareCloudRoles } from "./cloud-roles";
import {
  readCredentialsRequestsOfInstalledRelease,
  readCredentialsRequestsOfUpdate,
  type InstalledRelease,
  type ReleaseRequests,
  requestsOf,
} from "./release-requests";
import { RoleReleases } from "./role-releases";
import { SigningKey } from "./signing-key";
import { TokenIssuer } from "./token-issuer";

export interface CloudCredentialsArgs {
  readonly naming: Naming;
  readonly configuration: Configuration;
  readonly executor: Executor;
  /** The mirrored copy of the configured release, for an executor that cannot reach the release's public registry. */
  readonly mirrored?: MirroredImage;
  readonly phase: InstallationPhase;
  /** Whether the cluster is installed. If so, the roles follow updates of the cluster's release. */
  readonly installed: boolean;
}

/**
 * The cluster's credentials in manual mode; none of them are permanent. Each component that calls AWS has a role, which
 * its service accounts assume with tokens that the cluster signs. A role has exactly the permissions that the release
 * requests.
 */
export class CloudCredentials extends pulumi.ComponentResource {
  /** Manifests for the installation; empty for an installed cluster. */
  readonly manifests: pulumi.Output<Manifests>;
  /** Key in PEM format with which the cluster must sign; secret. */
  readonly signingKey: pulumi.Output<string>;
  /** Makes AWS trust the tokens of the cluster. */
  readonly issuer: TokenIssuer;
  private readonly first: InstalledRelease;

  constructor(
    private readonly baseName: string,
    private readonly args: CloudCredentialsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:credentials:CloudCredentials", baseName, {}, opts);
    const { naming, configuration, phase, installed } = args;
    const { region } = configuration;
    const key = new SigningKey(`${baseName}-signing-key`, { parent: this });
    const issuerArgs = { naming, partition: partitionOf(region), region, publicKey: key.publicKey };
    this.issuer = new TokenIssuer(`${baseName}-issuer`, issuerArgs, { parent: this });
    this.first = readCredentialsRequestsOfInstalledRelease(
      `${baseName}-requests`,
      { ...args, parent: this },
      phase !== "before-first-boot",
    );
    this.signingKey = key.privateKey;
    this.manifests = installed ? pulumi.output<Manifests>({}) : this.installationManifests();
    this.registerOutputs();
  }

  private installationManifests(): pulumi.Output<Manifests> {
    this.rememberReleases({ settled: true });
    const release = requestsOf(this.args.configuration, this.first.answer);
    const secrets = this.declareRoles([release]).map(({ component, arn }) =>
      pulumi.all([release.requests, arn]).apply(([requests, role]) => roleSecret(component, requests[component.name], role)),
    );
    return pulumi
      .all([this.issuer.url, pulumi.all(secrets)])
      .apply(([url, files]): Manifests => Object.assign({}, authenticationManifest(url), ...files) as Manifests);
  }

  /**
   * Declares the roles of an installed cluster: for the configured release and, until the update to it is complete, also for the previous
   * release, whose components still run. Must be called once for an installed cluster.
   *
   * @param kubeconfig of the cluster; undefined if it is not known
   * @returns the roles for which the update of the cluster waits, and the secrets that the update writes; undefined if the configured
   *   release is the one with which the cluster was installed
   */
  async declareRolesOfInstalledCluster(kubeconfig: string | undefined): Promise<PreparedRoles | undefined> {
    const { release } = this.args.configuration;
    const unasked: RunningReleases = { failure: "its kubeconfig is not known" };
    const { releases: running = [], failure } = kubeconfig === undefined ? unasked : await askRunningReleases(kubeconfig);
    const installed = await valueIfKnown(this.first.version);
    const settled = running.length > 0 && running.every((each) => this.isConfigured(each));
    const remembered = await valueIfKnown(this.rememberReleases({ settled, ...(installed !== undefined && { installed }) }).releases);
    if (remembered === undefined && running.length === 0) {
      const reason = failure ?? "the history in its ClusterVersion has no completed update";
      await pulumi.log.warn(
        `it is not known which release the cluster runs (${reason}). So this preview may show the deletion of roles and permissions that the update keeps until it is complete.`,
        this,
      );
    }
    const versions = remembered ?? [...new Set([release, ...(settled ? [] : running).map(({ version }) => version)])];
    const releases = await Promise.all(versions.map((version) => this.ask(version, installed)));
    const roles = this.declareRoles(releases);
    return release === installed ? undefined : prepareRoles(releases[0], roles);
  }

  /**
   * Whether a running release is the configured one. Images are compared as well, because the image that `releaseImage` names may contain
   * another version than `release`.
   */
  private isConfigured({ version, image }: RunningRelease): boolean {
    const { release, releaseImage } = this.args.configuration;
    return version === release || image === releaseImage;
  }

  private rememberReleases(known: { readonly settled: boolean; readonly installed?: string }): RoleReleases {
    return new RoleReleases(`${this.baseName}-releases`, { wanted: this.args.configuration.release, ...known }, { parent: this });
  }

  private async ask(version: string, installed: string | undefined): Promise<ReleaseRequests> {
    const { configuration, executor, mirrored } = this.args;
    const isConfigured = version === configuration.release;
    // `releaseImage` and the mirror belong to the configured release. Any other release was configured earlier, so its CredentialsRequests are
    // in the state already.
    const own = isConfigured ? configuration : { ...configuration, release: version, releaseImage: undefined };
    if (version === installed) return requestsOf(own, this.first.answer);
    return readCredentialsRequestsOfUpdate(`${this.baseName}-requests`, {
      executor,
      configuration: own,
      ...(isConfigured && mirrored && { mirrored }),
      parent: this,
    });
  }

  /** Declares roles of components that no release contains, such as an operator from a catalog. */
  declareFurtherRoles(further: ReleaseRequests): readonly CloudRole[] {
    return this.declareRoles([further]);
  }

  private declareRoles(releases: readonly ReleaseRequests[]): readonly CloudRole[] {
    const { naming, configuration } = this.args;
    return declareCloudRoles(this.baseName, { naming, configuration, issuer: this.issuer, releases, parent: this });
  }
}

function prepareRoles({ components, requests }: ReleaseRequests, roles: readonly CloudRole[]): PreparedRoles {
  const wanted = roles.filter(({ component }) => components.some(({ name }) => name === component.name));
  const secrets = wanted.map(({ component, arn }) =>
    pulumi
      .all([requests, arn])
      .apply(([asked, role]): RoleSecret => ({ ...component.secret, credentials: roleCredentials(asked[component.name], role) })),
  );
  return { secrets: pulumi.all(secrets), roles: wanted.flatMap(({ resources }) => resources) };
}
