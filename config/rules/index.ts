import type { Rule } from "../rule";
import {
  bindingsLeaveThePlatformAlone,
  bindingsSayItOnce,
  grantsNameSomebody,
  groupsHaveOneWriter,
  limitsAreInOrder,
  oneClassIsTheGlobalDefault,
  roleRulesAreComplete,
} from "./access-control";
import { arnsAreOfThisPlace } from "./arns";
import {
  adminsCanLogIn,
  bindingsAreComplete,
  htpasswdUsersHaveAProvider,
  inactivityIsLongEnough,
  kubeadminHasASuccessor,
} from "./authentication";
import { clusterDomainFits } from "./base-domain";
import { capabilitiesFitRelease } from "./capabilities";
import { cutOffClusterMintsNoUsers, zoneRoleIsNotMinted } from "./credentials";
import { privateZoneNeedsVpc, publicZoneCanExist, userManagedDnsHasNoZone, zoneRoleNeedsZone } from "./dns";
import { privateSubnetsHaveAWayOut } from "./egress";
import {
  bastionIsComplete,
  forwardedPortIsUsed,
  localExecutorReachesNoHost,
  publicHostCanBeReached,
  sshExecutorHasAHost,
  sshExecutorHasAKey,
} from "./executor";
import { fipsIsValidated, fipsKnowsSshKey } from "./fips";
import { clientCertificatesFit, providersAreComplete, providersHaveTheirSecrets } from "./identity-providers";
import { installerHostFits, installerHostIsWanted, installerHostProxyHasNoPassword } from "./installer-host";
import { machinesAreLargeEnough, machinesShareOneArchitecture } from "./machine-types";
import {
  airGappedIsInternal,
  archiveIsForAirGapped,
  cutOffNodesHaveNoNat,
  cutOffReleaseIsByDigest,
  mirrorNeedsHost,
  restrictedHostHasAWayOut,
} from "./mirror";
import { bannerColorsNeedText, forcedUpdateHasAnImage, linksOfTheMenuHaveASection, nodeTuningIsOfPools } from "./cluster-settings";
import { noProxyNeedsProxy, proxyIsOutsideOfTheCluster } from "./proxy";
import { pullSecretOpensRegistries } from "./pull-secret";
import { podRangeFitsNodes, rangesLieApart, subnetsFitMachines } from "./ranges";
import { releaseHasImagesInPartition } from "./release-images";
import { releaseFitsArchitecture, releaseImageMatchesRelease, releaseMatchesDistribution } from "./release";
import { boundaryHasARole } from "./roles";
import { apiCertificateIsTrusted, certificatesFit } from "./serving-certificates";
import { classesAreWithinLimits, imageKeyNeedsBucket, oneClassIsTheDefault, removedRegistryIsNotSet } from "./storage";
import {
  shardDomainsLieApart,
  shardNamespacesAreItsOwn,
  shardRecordHasOneWriter,
  shardRoutesExist,
  shardsAreDisjoint,
  shardZonesCanExist,
} from "./router-shards";
import { externalShardsHavePublicSubnets, shardBalancersFit, shardCertificatesFit, shardMachinesExist } from "./router-shards-balancers";
import { blanksInTagsFitRelease } from "./tags";
import { modernTlsStartsEtcd } from "./tls-profile";
import { infraNodesNeedWorkers, mastersAreThreeOrOne, singleNodeStandsAlone } from "./topology";
import { updateServiceHasAUse } from "./update-service";
import { volumesAreWithinLimits } from "./volumes";
import { existingVpcIsComplete, existingVpcIsNotChanged, securityGroupsNeedVpc, subnetsNeedVpc } from "./vpc";
import { zonesAreOfRegion } from "./zones";

/** Every rule between keys. */
export const RULES: readonly Rule[] = [
  clusterDomainFits,
  releaseMatchesDistribution,
  releaseImageMatchesRelease,
  releaseFitsArchitecture,
  releaseHasImagesInPartition,
  capabilitiesFitRelease,
  fipsIsValidated,
  fipsKnowsSshKey,
  zoneRoleIsNotMinted,
  cutOffClusterMintsNoUsers,
  zonesAreOfRegion,
  subnetsNeedVpc,
  existingVpcIsNotChanged,
  existingVpcIsComplete,
  securityGroupsNeedVpc,
  privateSubnetsHaveAWayOut,
  rangesLieApart,
  podRangeFitsNodes,
  subnetsFitMachines,
  mastersAreThreeOrOne,
  singleNodeStandsAlone,
  infraNodesNeedWorkers,
  machinesAreLargeEnough,
  machinesShareOneArchitecture,
  ...volumesAreWithinLimits,
  installerHostIsWanted,
  installerHostFits,
  installerHostProxyHasNoPassword,
  mirrorNeedsHost,
  archiveIsForAirGapped,
  cutOffNodesHaveNoNat,
  airGappedIsInternal,
  restrictedHostHasAWayOut,
  cutOffReleaseIsByDigest,
  updateServiceHasAUse,
  publicZoneCanExist,
  userManagedDnsHasNoZone,
  privateZoneNeedsVpc,
  zoneRoleNeedsZone,
  ...arnsAreOfThisPlace,
  boundaryHasARole,
  pullSecretOpensRegistries,
  noProxyNeedsProxy,
  proxyIsOutsideOfTheCluster,
  blanksInTagsFitRelease,
  localExecutorReachesNoHost,
  sshExecutorHasAHost,
  sshExecutorHasAKey,
  publicHostCanBeReached,
  bastionIsComplete,
  forwardedPortIsUsed,
  modernTlsStartsEtcd,
  nodeTuningIsOfPools,
  bannerColorsNeedText,
  linksOfTheMenuHaveASection,
  forcedUpdateHasAnImage,
  ...certificatesFit,
  apiCertificateIsTrusted,
  oneClassIsTheDefault,
  classesAreWithinLimits,
  removedRegistryIsNotSet,
  imageKeyNeedsBucket,
  providersAreComplete,
  providersHaveTheirSecrets,
  clientCertificatesFit,
  htpasswdUsersHaveAProvider,
  adminsCanLogIn,
  kubeadminHasASuccessor,
  bindingsAreComplete,
  inactivityIsLongEnough,
  shardsAreDisjoint,
  shardNamespacesAreItsOwn,
  shardRoutesExist,
  shardDomainsLieApart,
  shardRecordHasOneWriter,
  shardZonesCanExist,
  shardBalancersFit,
  shardMachinesExist,
  externalShardsHavePublicSubnets,
  shardCertificatesFit,
  bindingsSayItOnce,
  bindingsLeaveThePlatformAlone,
  groupsHaveOneWriter,
  roleRulesAreComplete,
  grantsNameSomebody,
  limitsAreInOrder,
  oneClassIsTheGlobalDefault,
];
