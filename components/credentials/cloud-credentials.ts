import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import { type Partition, partitionOf } from "../../config/partition";
import type { CloudComponent } from "../../config/releases/components";
import { cloudComponents, inclusionConfig } from "../../ignition/cloud-components";
import { authenticationManifest, rolePolicy, roleSecret, roleTrust } from "../../ignition/cloud-roles";
import { type CloudRequest, matchRequests } from "../../ignition/credentials-requests";
import { decodeFiles, encodeFiles } from "../../ignition/file-transfer";
import type { Manifests } from "../../ignition/manifest-patches";
import type { InstallationPhase } from "../installer/asset-age";
import type { Executor } from "../installer/executor";
import { installerScript, installerEnvironment, readScript } from "../installer/scripts";
import type { MirroredImage } from "../mirror";
import type { Naming } from "../naming";
import { SigningKey } from "./signing-key";
import { TokenIssuer } from "./token-issuer";

export interface CloudCredentialsArgs {
  readonly naming: Naming;
  readonly configuration: Configuration;
  readonly executor: Executor;
  /** Where the installation finds the release image, if it has no way to where that is public. */
  readonly mirrored?: MirroredImage;
  /** Once a machine has booted, the release is not asked again: what its components may do later is an update's matter. */
  readonly phase: InstallationPhase;
}

/**
 * The cluster's credentials in manual mode, none of them lasting: a role for each component that calls AWS, which its service accounts assume with
 * tokens that the cluster signs. What a role may do is what the release asks for.
 */
export class CloudCredentials extends pulumi.ComponentResource {
  /** Manifests of the installation. */
  readonly manifests: pulumi.Output<Manifests>;
  /** PEM of the key with which the cluster has to sign; secret. */
  readonly signingKey: pulumi.Output<string>;

  constructor(name: string, args: CloudCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:credentials:CloudCredentials", name, {}, opts);
    const { naming, configuration } = args;
    const { region } = configuration;
    const partition = partitionOf(region);
    const key = new SigningKey(`${name}-signing-key`, { parent: this });
    const issuer = new TokenIssuer(`${name}-issuer`, { naming, partition, region, publicKey: key.publicKey }, { parent: this });
    const requests = this.askRelease(name, args);
    const components = cloudComponents(configuration);
    const secrets = components.map((component) => {
      const request = requests.apply((all) => all[component.name]);
      const role = this.makeRole(name, component, { ...args, partition, request, issuer });
      return pulumi.all([request, role.arn]).apply(([asked, arn]) => roleSecret(component, asked, arn));
    });
    this.signingKey = key.privateKey;
    this.manifests = pulumi
      .all([issuer.url, pulumi.all(secrets)])
      .apply(([url, files]): Manifests => Object.assign({}, authenticationManifest(url), ...files) as Manifests);
    this.registerOutputs();
  }

  /** What the release asks for, by the component's name. */
  private askRelease(
    name: string,
    { configuration, executor, phase, mirrored }: CloudCredentialsArgs,
  ): pulumi.Output<Record<string, CloudRequest>> {
    const config = inclusionConfig(configuration);
    const environment = {
      ...installerEnvironment(configuration),
      ...(mirrored && { MIRRORED_RELEASE_IMAGE: mirrored.image }),
    };
    const pullSecret = mirrored?.pullSecret ?? configuration.pullSecret.reveal();
    const { answer } = executor.run(
      `${name}-requests`,
      {
        script: `${installerScript}\n${readScript("credentials-requests")}`,
        input: pulumi.all([pulumi.secret(pullSecret), mirrored?.caCertificate]).apply(([secret, authority]) =>
          encodeFiles({
            "install-config.yaml": config,
            "pull-secret.json": secret,
            ...(authority !== undefined && { "registry-ca.crt": authority }),
          }),
        ),
        environment,
        triggers: [config, ...Object.values(environment)],
        frozen: phase !== "before-first-boot",
      },
      { parent: this, ...(mirrored && { dependsOn: mirrored.available }) },
    );
    // What a release's components may do is public, and people should see it in a preview.
    return pulumi.unsecret(answer).apply((files) => matchRequests(cloudComponents(configuration), decodeFiles(files)));
  }

  private makeRole(
    name: string,
    component: CloudComponent,
    args: CloudCredentialsArgs & {
      readonly partition: Partition;
      readonly request: pulumi.Output<CloudRequest>;
      readonly issuer: TokenIssuer;
    },
  ): aws.iam.Role {
    const { naming, configuration, request, issuer } = args;
    const { provider } = issuer;
    const suffix = `${component.name}-role`;
    const named = { parent: this, deleteBeforeReplace: true };
    const trust = pulumi
      .all([request, provider.arn, issuer.url])
      .apply(([asked, arn, url]) => roleTrust(component, asked, { arn, issuer: url }));
    const role = new aws.iam.Role(
      `${name}-${suffix}`,
      {
        name: naming.name(suffix),
        description: `Role of the cluster's secret ${component.secret.namespace}/${component.secret.name}`,
        assumeRolePolicy: pulumi.jsonStringify(trust),
        permissionsBoundary: configuration.iam.permissionsBoundaryArn,
        tags: naming.tags(suffix),
      },
      named,
    );
    new aws.iam.RolePolicy(
      `${name}-${component.name}-policy`,
      { name: naming.name(`${component.name}-policy`), role: role.name, policy: pulumi.jsonStringify(request.apply(rolePolicy)) },
      named,
    );
    return role;
  }
}
