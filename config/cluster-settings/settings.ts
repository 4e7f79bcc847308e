import type { Settings } from "../schema";
import { apiCaCertificates, servingCertificate, type ServingCertificateConfiguration } from "../serving-certificates/settings";
import { imageRegistry, type ImageRegistrySettings, storage, type StorageSettings } from "../storage/settings";
import { withoutEmpty } from "../without-empty";

/** Settings of the cluster's own objects. An undefined setting keeps the cluster's default. */
export interface ClusterSettingsConfiguration {
  readonly apiServer: ApiServerSettings;
  readonly ingressCertificate?: ServingCertificateConfiguration;
  readonly scheduler: { readonly profile?: string; readonly defaultNodeSelector?: string };
  readonly updates: UpdateSettings;
  readonly console: ConsoleSettings;
  readonly imageRegistry: ImageRegistrySettings;
  readonly imagePrunerSchedule?: string;
  readonly storage: StorageSettings;
  readonly nodes: NodeSettings;
  /** Whether the user configured a pull secret; otherwise OKD's placeholder is used. */
  readonly hasPullSecret: boolean;
}

export interface ApiServerSettings {
  readonly auditProfile?: string;
  readonly encryption?: string;
  readonly tlsProfile?: "Old" | "Intermediate" | "Modern";
  /** Certificate for api.<domain>. */
  readonly certificate?: ServingCertificateConfiguration & { readonly name: string };
  /** PEM of the CA that signed `certificate`. The administrator's kubeconfig must trust this CA. Empty without `certificate`. */
  readonly authority: string;
}

export interface UpdateSettings {
  readonly channel?: string;
  readonly upstream?: string;
  /** The release that the cluster should have; a cluster with another version is updated to it. */
  readonly release: {
    readonly version: string;
    readonly image?: string;
    readonly force: boolean;
    readonly acceptRisks: boolean;
    /** Names of the update gates that the user acknowledges; undefined if there are none. */
    readonly acknowledgedGates?: readonly string[];
  };
}

export interface ConsoleSettings {
  readonly banner?: { readonly text: string; readonly color?: string; readonly backgroundColor?: string };
  readonly productName?: string;
  readonly logo?: string;
  readonly links: Settings["consoleLinks"];
}

export interface NodeSettings {
  readonly ntpServers: readonly string[];
  readonly tuning: Settings["nodeTuning"];
}

/** @param region region of the cluster */
export function clusterSettings(settings: Settings, region: string): ClusterSettingsConfiguration {
  const { consoleBanner, acknowledgedUpdateGates: gates } = settings;
  const ingressCertificate = servingCertificate(settings.ingressCertificate, settings.ingressCertificateKey);
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
    imageRegistry: imageRegistry(settings, region),
    ...withoutEmpty({ imagePrunerSchedule: settings.imagePrunerSchedule }),
    storage: storage(settings),
    hasPullSecret: settings.pullSecret !== "",
    nodes: { ntpServers: settings.ntpServers, tuning: settings.nodeTuning },
  };
}

function apiServer(settings: Settings): ApiServerSettings {
  const { tlsProfile, clusterName, baseDomain } = settings;
  const named = servingCertificate(settings.apiCertificate, settings.apiCertificateKey);
  return {
    ...withoutEmpty({ auditProfile: settings.auditProfile, encryption: settings.etcdEncryption }),
    ...(tlsProfile !== "" && { tlsProfile }),
    ...(named && { certificate: { ...named, name: `api.${clusterName}.${baseDomain}` } }),
    authority: apiCaCertificates(settings.apiCertificate, settings.apiCertificateAuthority),
  };
}
