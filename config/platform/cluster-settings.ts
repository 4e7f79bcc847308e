import { withoutEmpty } from "../given";
import { rewriteCertificates } from "../pem";
import { formatTlsKey } from "../rules/private-key";
import { apiAuthority } from "../rules/serving-certificates";
import type { Settings } from "../schema";
import { Secret } from "../secret";

/** What the cluster's own objects are set to; what isn't set stays as the cluster has it. */
export interface ClusterSettings {
  readonly apiServer: ApiServerSettings;
  readonly ingressCertificate?: ServingCertificate;
  readonly scheduler: { readonly profile?: string; readonly defaultNodeSelector?: string };
  readonly updates: UpdateSettings;
  readonly console: ConsoleSettings;
  readonly imageRegistry: ImageRegistrySettings;
  readonly imagePrunerSchedule?: string;
  readonly storage: StorageSettings;
  readonly nodes: NodeSettings;
  /** Whether the pull secret is the user's own, and not the one that OKD's installer is satisfied with. */
  readonly pullSecretIsGiven: boolean;
}

export interface ServingCertificate {
  /** PEM, the server's own first. */
  readonly chain: string;
  readonly key: Secret;
}

export interface ApiServerSettings {
  readonly auditProfile?: string;
  readonly encryption?: string;
  readonly tlsProfile?: "Old" | "Intermediate" | "Modern";
  /** Of api.<domain>. */
  readonly certificate?: ServingCertificate & { readonly name: string };
  /** PEM of who issued it, which the administrator's kubeconfig trusts; empty where nobody else is. */
  readonly authority: string;
}

export interface UpdateSettings {
  readonly channel?: string;
  readonly upstream?: string;
  /** What a cluster that was installed as another release is brought to. */
  readonly release: {
    readonly version: string;
    readonly image?: string;
    readonly force: boolean;
    readonly acceptRisks: boolean;
    /** Names; absent where there are none. */
    readonly acknowledgedGates?: readonly string[];
  };
}

export interface ConsoleSettings {
  readonly banner?: { readonly text: string; readonly color?: string; readonly backgroundColor?: string };
  readonly productName?: string;
  readonly logo?: string;
  readonly links: Settings["consoleLinks"];
}

export interface ImageRegistrySettings {
  readonly managementState?: string;
  readonly replicas?: number;
  readonly bucket?: { readonly name: string; readonly region: string; readonly kmsKeyArn?: string };
}

export interface StorageSettings {
  readonly classes: Settings["storageClasses"];
  /** What volumes are encrypted with that name no key. */
  readonly kmsKeyArn?: string;
}

export interface NodeSettings {
  readonly ntpServers: readonly string[];
  readonly tuning: Settings["nodeTuning"];
}

/** @param region of the cluster */
export function clusterSettings(settings: Settings, region: string): ClusterSettings {
  const { consoleBanner, imageRegistryReplicas: replicas, imageRegistryBucket: bucket, acknowledgedUpdateGates: gates } = settings;
  const ingressCertificate = certificate(settings.ingressCertificate, settings.ingressCertificateKey);
  return {
    apiServer: apiServer(settings),
    ...(ingressCertificate && { ingressCertificate }),
    scheduler: withoutEmpty({ profile: settings.schedulerProfile, defaultNodeSelector: settings.defaultNodeSelector }),
    updates: {
      ...withoutEmpty({ channel: settings.updateChannel, upstream: settings.updateServer }),
      release: {
        version: settings.release,
        ...withoutEmpty({ image: settings.releaseImage }),
        force: settings.forceUpdate,
        acceptRisks: settings.acceptUpdateRisks,
        ...(gates.length > 0 && { acknowledgedGates: gates }),
      },
    },
    console: {
      ...(consoleBanner !== "" && {
        banner: {
          text: consoleBanner,
          ...withoutEmpty({ color: settings.consoleBannerColor, backgroundColor: settings.consoleBannerBackground }),
        },
      }),
      ...withoutEmpty({ productName: settings.consoleProductName, logo: settings.consoleLogo }),
      links: settings.consoleLinks,
    },
    imageRegistry: {
      ...withoutEmpty({ managementState: settings.imageRegistryState }),
      ...(replicas > 0 && { replicas }),
      ...(bucket !== "" && { bucket: { name: bucket, region, ...withoutEmpty({ kmsKeyArn: settings.imageRegistryKmsKeyArn }) } }),
    },
    ...withoutEmpty({ imagePrunerSchedule: settings.imagePrunerSchedule }),
    storage: { classes: settings.storageClasses, ...withoutEmpty({ kmsKeyArn: settings.volumeKmsKeyArn }) },
    pullSecretIsGiven: settings.pullSecret !== "",
    nodes: { ntpServers: settings.ntpServers, tuning: settings.nodeTuning },
  };
}

function apiServer(settings: Settings): ApiServerSettings {
  const { tlsProfile, clusterName, baseDomain } = settings;
  const named = certificate(settings.apiCertificate, settings.apiCertificateKey);
  return {
    ...withoutEmpty({ auditProfile: settings.auditProfile, encryption: settings.etcdEncryption }),
    ...(tlsProfile !== "" && { tlsProfile }),
    ...(named && { certificate: { ...named, name: `api.${clusterName}.${baseDomain}` } }),
    authority: apiAuthority(settings.apiCertificate, settings.apiCertificateAuthority),
  };
}

function certificate(chain: string, key: string): ServingCertificate | undefined {
  return chain === "" ? undefined : { chain: rewriteCertificates(chain), key: new Secret(formatTlsKey(key)) };
}
