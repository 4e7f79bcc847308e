import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/configuration";
import { approverToken } from "../cluster-objects/certificate-approver/account";
import { approverEnvironment, approverKubeconfig, approverStatus, approverUnit } from "../ignition/certificate-approver";
import { decodeFiles, encodeFiles } from "../ignition/file-transfer";
import { archivedImage } from "../ignition/installer-host/images";
import type { HostServices } from "../ignition/installer-host/services";
import { proxyVariables } from "../ignition/proxy-variables";
import { withInternalServerName } from "../lib/kubernetes/kubeconfig";
import { bundleCertificateApprover } from "../steps/certificate-approver/bundle";
import type { ApproverConfigurationInput } from "../steps/certificate-approver/configuration";
import type { PolicyStatement } from "./iam/machine-role";
import { HostSecret } from "./installer-host/host-secret";
import type { Executor } from "./installer/executor";
import { commonScript, readScript } from "./installer/scripts";
import type { Naming } from "./naming";
import type { PrivateBucket } from "./private-bucket";

/** Directory of the approver's files on the installer host. */
const directory = "/etc/okd-certificate-approver";

/** Seconds that the cluster may take to issue the service account's token. */
const accountTimeoutSeconds = 300;

export interface CertificateApproverArgs {
  readonly naming: Naming;
  readonly configuration: Pick<
    Configuration,
    "region" | "volumeKmsKeyArn" | "proxy" | "network" | "clusterDomain" | "additionalTrustBundle" | "mirror"
  >;
  readonly vpcId: pulumi.Input<string>;
  /** Bucket from which the host downloads the program. */
  readonly bucket: PrivateBucket;
}

/**
 * The approver: a service that approves the CSRs of verified instances. Declares its program, its service account and its unit on the
 * installer host.
 */
export class CertificateApprover extends pulumi.ComponentResource {
  /** Files, secrets and units that the installer host needs for the approver. */
  readonly services: pulumi.Output<HostServices>;
  /** Additional IAM statements for the host's role. */
  readonly statements: readonly PolicyStatement[];
  /** The resource that exists when the approver's program is in the bucket. */
  readonly stored: pulumi.Resource;
  private readonly account: HostSecret;

  private constructor(
    private readonly baseName: string,
    args: CertificateApproverArgs & { readonly program: { readonly path: string; readonly sha256: string } },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:installer:CertificateApprover", baseName, {}, opts);
    const { naming, configuration, program } = args;
    this.account = new HostSecret(
      `${baseName}-account`,
      {
        naming,
        suffix: "certificate-approver",
        description: "Kubeconfig of the account that approves certificate requests",
        kmsKeyArn: configuration.volumeKmsKeyArn,
      },
      { parent: this },
    );
    const object = args.bucket.putFile("certificate-approver.js", program);
    this.stored = object.stored;
    this.services = pulumi
      .all([object.bucket, object.key, this.account.arn, naming.infraId, args.vpcId])
      .apply(([bucket, key, secretArn, infraId, vpcId]) =>
        approverServices(configuration, { program: { bucket, key, sha256: program.sha256 }, secretArn, infraId, vpcId }),
      );
    this.statements = [
      { actions: ["s3:GetObject"], resource: object.arn },
      { actions: ["secretsmanager:GetSecretValue"], resource: this.account.arn },
      // The approver checks each request against EC2's instances and the VPC's domains. None of these actions supports resource-level
      // permissions.
      { actions: ["ec2:DescribeInstances", "ec2:DescribeVpcs", "ec2:DescribeDhcpOptions"], resource: "*" },
    ];
    this.registerOutputs();
  }

  /** Bundles the approver's program, unless a bundle of the current sources exists, and declares the service. */
  static async provide(name: string, args: CertificateApproverArgs, opts?: pulumi.ComponentResourceOptions): Promise<CertificateApprover> {
    return new CertificateApprover(name, { ...args, program: await bundleCertificateApprover() }, opts);
  }

  /**
   * Gives the service the kubeconfig of its service account, as soon as the cluster has created the account. From then on the approver works.
   */
  connect(
    args: {
      readonly executor: Executor;
      readonly configuration: Pick<Configuration, "clusterDomain">;
      /** The administrator's kubeconfig, as the installer wrote it. */
      readonly kubeconfig: pulumi.Output<string>;
    },
    opts: pulumi.CustomResourceOptions,
  ): pulumi.Resource {
    const internal = args.kubeconfig.apply((text) => withInternalServerName(text, args.configuration.clusterDomain));
    const { answer } = args.executor.run(
      `${this.baseName}-token`,
      {
        script: `${commonScript}\n${readScript("approver-account")}`,
        input: internal.apply((kubeconfig) => encodeFiles({ "auth/kubeconfig": kubeconfig })),
        environment: { TOKEN_NAMESPACE: approverToken.namespace, TOKEN_NAME: approverToken.name },
        triggers: [],
        frozen: true,
        timeoutSeconds: accountTimeoutSeconds,
      },
      { parent: this, ...opts },
    );
    const kubeconfig = pulumi
      .all([internal, pulumi.secret(answer)])
      .apply(([admin, files]) => (files === "" ? "" : approverKubeconfig(admin, decodeFiles(files).token)));
    return this.account.fill(kubeconfig.apply((text) => encodeFiles({ kubeconfig: text })));
  }
}

/** The approver's files, secret and unit on the installer host. */
function approverServices(
  configuration: CertificateApproverArgs["configuration"],
  host: {
    /** S3 object with the approver's program. */
    readonly program: { readonly bucket: string; readonly key: string; readonly sha256: string };
    readonly secretArn: string;
    readonly infraId: string;
    readonly vpcId: string;
  },
): HostServices {
  const { region, additionalTrustBundle: authorities } = configuration;
  const archived = configuration.mirror?.mode === "air-gapped";
  const authoritiesFile = `${directory}/additional-authorities.pem`;
  const environment = approverEnvironment({
    ...proxyVariables(configuration),
    ...(authorities !== undefined && { NODE_EXTRA_CA_CERTS: authoritiesFile }),
  });
  const config: ApproverConfigurationInput = {
    infraId: host.infraId,
    region,
    vpcId: host.vpcId,
    kubeconfig: `${directory}/kubeconfig`,
    status: approverStatus,
    notNodes: [`${host.infraId}-bootstrap`],
  };
  return {
    files: [
      ...(environment === "" ? [] : [{ path: `${directory}/environment`, mode: 0o600, contents: environment }]),
      ...(authorities === undefined ? [] : [{ path: authoritiesFile, mode: 0o600, contents: authorities }]),
      { path: `${directory}/approver.js`, mode: 0o600, contents: host.program },
      { path: `${directory}/config.json`, mode: 0o600, contents: JSON.stringify(config) },
    ],
    secrets: [{ arn: host.secretArn, directory }],
    units: [
      {
        name: "certificate-approver.service",
        enabled: true,
        contents: approverUnit({ directory, ...(archived && { image: archivedImage("node") }) }),
      },
    ],
  };
}
